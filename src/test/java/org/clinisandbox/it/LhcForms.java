package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.clinisandbox.fhir.Json;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import tools.jackson.databind.JsonNode;

/**
 * LHC-Forms in a browser: shows a Questionnaire, and is filled in by the browser's own keyboard and
 * mouse. A field is named as LHC-Forms names it: by its linkId and a number for each level, as
 * {@code temperature/1}.
 */
final class LhcForms implements AutoCloseable {
  /** Where the browser is; half the world is behind UTC, where a date easily slips by a day. */
  static final ZoneId ZONE = ZoneId.of("America/New_York");

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 50_000_000;

  private final HttpServer server;
  private final ChromeDriver browser;

  private LhcForms(HttpServer server, ChromeDriver browser) {
    this.server = server;
    this.browser = browser;
  }

  /**
   * Starts the browser and a server for its pages, or skips the test.
   *
   * @param folder for LHC-Forms, and for what the browser leaves behind
   */
  static LhcForms start(Path folder) {
    Path driver = LhcFormsPackage.program("chromedriver");
    Path chromium = LhcFormsPackage.program("chromium");
    Path site = LhcFormsPackage.unpackInto(folder);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless",
        "--disable-gpu",
        "--window-size=1200,1600",
        // Chromium's own sandbox does not start for root, as which CI runs.
        "--no-sandbox",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.toFile())
            .withEnvironment(Map.of("TZ", ZONE.getId(), "TMPDIR", folder.toString()))
            .build();
    ChromeDriver browser = new ChromeDriver(service, options);
    browser.manage().timeouts().implicitlyWait(PATIENCE).scriptTimeout(PATIENCE);
    HttpServer server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            site,
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    return new LhcForms(server, browser);
  }

  /** Opens a Questionnaire. */
  void open(JsonNode questionnaire) {
    browser.get("http://127.0.0.1:" + server.getAddress().getPort() + "/form.html");
    browser.executeScript(
        "return LForms.Util.addFormToPage(JSON.parse(arguments[0]), 'form', {prepopulate: false})",
        questionnaire.toString());
  }

  private WebElement field(String name) {
    return browser.findElement(
        By.cssSelector("input[id='%1$s'], [id='%1$s'] input".formatted(name)));
  }

  /** Types into a field and leaves it. */
  void type(String field, String text) {
    field(field).sendKeys(text, Keys.TAB);
  }

  /** Opens a field's list of answers and takes one; again if the list was not ready for it. */
  void choose(String field, String display) {
    boolean chosen =
        comesTrue(
            () -> {
              field(field).click();
              browser
                  .findElement(
                      By.xpath(
                          """
                          //*[@id='lhc-tools-searchResults'][@aria-hidden='false']
                              //li[contains(concat(., '|'), ' %s|')]"""
                              .formatted(display)))
                  .click();
              field(field).sendKeys(Keys.TAB);
              return String.valueOf(field(field).getDomProperty("value")).endsWith(display);
            });
    assertThat(chosen).as(display).isTrue();
  }

  /** Does as a person would who looks whether it worked. */
  private static boolean comesTrue(BooleanSupplier attempt) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      if (attempt.getAsBoolean()) {
        return true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() < end);
    return false;
  }

  /** What the form still complains of when it has had time to take in what was answered. */
  List<String> lastComplaints() {
    comesTrue(() -> complaints().isEmpty());
    return complaints();
  }

  /** Ticks an answer of a yes-or-no question. */
  void tick(String field, boolean answer) {
    browser.findElement(By.id(field + "|" + answer)).click();
  }

  /** Asks for one more field of a question that repeats. */
  void another(String field) {
    browser.findElement(By.id("add-" + field)).click();
  }

  /** What stands before a field. */
  String label(String field) {
    return browser.findElement(By.id("label-" + field)).getText();
  }

  /** The unit behind a number's field. */
  String unit(String field) {
    return Objects.requireNonNull(field("unit_" + field).getDomProperty("value"));
  }

  /** What the form complains of before it would be sent. */
  List<String> complaints() {
    return browser.executeScript("return LForms.Util.checkValidity('#form')")
            instanceof List<?> texts
        ? texts.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** The QuestionnaireResponse, as an application gets it from LHC-Forms. */
  JsonNode response() {
    return Json.MAPPER.readTree(
        String.valueOf(
            browser.executeScript(
                """
                return JSON.stringify(
                    LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4', '#form'))""")));
  }

  /** Whether a page of the same server can be had under this name for its host. */
  boolean reaches(String host) {
    return Boolean.TRUE.equals(
        browser.executeScript(
            """
            return fetch('http://' + arguments[0] + ':' + location.port, {mode: 'no-cors'})
                .then(() => true, () => false)""",
            host));
  }

  @Override
  public void close() {
    browser.quit();
    server.stop(0);
  }
}
