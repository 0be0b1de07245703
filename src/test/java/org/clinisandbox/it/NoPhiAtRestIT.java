package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** After a run, nothing that names the patient is in any file, whatever its encoding. */
class NoPhiAtRestIT {
  private static final String NAME = "Zyxwvutsrq";
  private static final String IDENTIFIER = "MRN-90817263544";
  private static final String BIRTH_DATE = "1951-07-23";
  private static final String REFERENCE = "visit-QKJHGFDSA";
  private static final String TOKEN = "token-PLMOKNIJB";
  private static final List<String> CANARIES =
      List.of(NAME, IDENTIFIER, BIRTH_DATE, REFERENCE, TOKEN);

  @TempDir Path folder;

  @Test
  void the_files_of_database_queue_and_log_hold_no_patient() throws Exception {
    Path data = folder.resolve("data");
    Path logs = Files.createDirectory(folder.resolve("logs"));
    try (Receiver receiver = new Receiver(500);
        Node node = Node.start(logs, Map.of(), "up", "--port", "0", "--data", data.toString())) {
      Client client = new Client(node.line("server"));
      ObjectNode request = patient(Client.payload("sepsis_valid"));
      request.put("callback_url", receiver.url().replace("secret-in-query", TOKEN));
      request.put("client_reference", REFERENCE);
      String job = client.accepted(request);
      assertThat(client.ended(job).path("status").asString()).isEqualTo("succeeded");
      assertThat(receiver.next().body()).contains(REFERENCE);
      receiver.next();
      negotiate(client, request);
      client.post("/v1/diagnose", patient(Client.payload("not_fhir")));
      client.post("/v1/diagnose", request.deepCopy().put("model_key", "unknown"));
      client.post(
          "/v1/diagnose",
          "application/json",
          ("{\"model_key\":\"" + NAME + "\"").getBytes(StandardCharsets.UTF_8));
      assertThat(found(data)).as("while it runs").isEmpty();
    }

    assertThat(found(data)).as("after it stopped").isEmpty();
    assertThat(found(logs)).as("in its log").isEmpty();
  }

  /** One negotiation that comes to a job, and one that is left open. */
  private static void negotiate(Client client, ObjectNode complete) {
    ObjectNode request = patient(Talk.without("temperature"));
    request.set("callback_url", complete.get("callback_url"));
    request.put("client_reference", REFERENCE);
    Talk ended = Talk.begin(client, request);
    assertThat(ended.answer(patientsOwn(Talk.response("temprature", 39.4))).status())
        .isEqualTo(422);
    client.post(
        ended.path() + "/answers", "application/json", NAME.getBytes(StandardCharsets.UTF_8));
    Client.Answer answer = ended.answer(patientsOwn(Talk.response("temperature", 39.4)));
    assertThat(client.ended(Talk.job(answer)).path("status").asString()).isEqualTo("succeeded");

    Talk open = Talk.begin(client, request);
    assertThat(open.answer(patientsOwn(Talk.silence("temperature", "asked-declined"))).status())
        .isEqualTo(422);
    ObjectNode vitals = Talk.only("heart-rate");
    ((ObjectNode) vitals.at("/entry/0/resource")).putArray("note").addObject().put("text", NAME);
    assertThat(open.answer(vitals).status()).isEqualTo(422);
    assertThat(open.standing().body().path("closed").asBoolean()).isTrue();
  }

  /** A response that names the patient wherever it can. */
  private static ObjectNode patientsOwn(ObjectNode response) {
    response.putObject("source").put("display", NAME);
    response.putObject("identifier").put("system", "urn:oid:1.2.3.4").put("value", IDENTIFIER);
    ((ObjectNode) response.at("/item/0")).put("text", "Is " + NAME + " feverish?");
    return response;
  }

  @Test
  void the_search_finds_what_is_there() throws IOException {
    for (byte[] form : forms(NAME)) {
      Path file = Files.write(folder.resolve("planted"), form);
      assertThat(found(folder)).containsExactly(file);
    }
  }

  private static ObjectNode patient(ObjectNode request) {
    request
        .path("fhir_bundle")
        .path("entry")
        .forEach(
            entry -> {
              if (entry.path("resource") instanceof ObjectNode resource
                  && resource.path("resourceType").asString("").equals("Patient")) {
                resource.put("birthDate", BIRTH_DATE);
                resource.putArray("name").addObject().put("family", NAME);
                resource
                    .putArray("identifier")
                    .addObject()
                    .put("system", "urn:oid:1.2.3.4")
                    .put("value", IDENTIFIER);
              }
            });
    return request;
  }

  /** The files below a folder that hold a canary in any form. */
  private static List<Path> found(Path folder) throws IOException {
    List<byte[]> forms = new ArrayList<>();
    CANARIES.forEach(canary -> forms.addAll(forms(canary)));
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(file -> holdsAny(file, forms)).toList();
    }
  }

  private static List<byte[]> forms(String text) {
    List<byte[]> forms = new ArrayList<>();
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      forms.add(text.getBytes(charset));
    }
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    forms.add(HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII));
    // Base64 of the text at each of the three places in a group; the ends depend on neighbours.
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[shift + plain.length];
      System.arraycopy(plain, 0, shifted, shift, plain.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      forms.add(base64.substring(4, base64.length() - 4).getBytes(StandardCharsets.US_ASCII));
    }
    return forms;
  }

  private static boolean holdsAny(Path file, List<byte[]> forms) {
    try {
      String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
      return forms.stream()
          .anyMatch(form -> bytes.contains(new String(form, StandardCharsets.ISO_8859_1)));
    } catch (java.nio.file.NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
