package org.clinisandbox.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.fhir.JsonLimits;
import org.clinisandbox.fhir.StrictJson;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Exchange;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelInput;
import org.clinisandbox.sandbox.ModelRequest;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.TestHost;
import org.clinisandbox.sandbox.TestModels;
import org.clinisandbox.sandbox.WarmPool;
import org.clinisandbox.sandbox.wasm.WasmBackend;
import org.clinisandbox.services.Databases;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.clinisandbox.vault.MasterKey;
import org.clinisandbox.vault.Vault;
import tools.jackson.databind.JsonNode;

/**
 * Each stage of a request by itself, on one thread, for a small and a large request, given as
 * files: median time, what that is a second, and the ratio to reading the same bytes into a tree,
 * measured in the same run.
 */
public final class Stages {
  private static final int ROUNDS = 7;
  private static final long ROUND_NANOS = 1_000_000_000L;

  private final Results results;

  private Stages(Results results) {
    this.results = results;
  }

  /** Ends with the path of its results. */
  public static void main(String[] args) throws Exception {
    Results results = Results.begin("stages");
    new Stages(results).measure(args);
    System.out.println(results.end().write());
  }

  private void measure(String[] args) throws Exception {
    byte[] small = bundle(Path.of(args[0]));
    byte[] record = bundle(Path.of(args[1]));
    System.out.println("| stage | input | median | a second | of reading the tree |");
    System.out.println("| --- | --- | --- | --- | --- |");
    reading("small bundle", small);
    reading("record of 244 entries", record);
    keys(small);
    sandbox();
  }

  private static byte[] bundle(Path request) throws Exception {
    return Json.MAPPER.writeValueAsBytes(
        Json.MAPPER.readTree(Files.readAllBytes(request)).path("fhir_bundle"));
  }

  private void reading(String what, byte[] bytes) throws Exception {
    String name = what + ", " + bytes.length / 1000 + " kB";
    double floor = median(() -> Json.MAPPER.readTree(bytes));
    row("Jackson's tree (the floor)", name, floor, floor);
    StrictJson strict = new StrictJson(JsonLimits.DEFAULT);
    row("strict JSON", name, median(() -> strict.read(bytes)), floor);
    BundleCheck check = new BundleCheck(100);
    JsonNode tree = strict.read(bytes);
    row("validation and facts", name, median(() -> check.check(tree)), floor);
    Facts facts = ((Checked.Valid) check.check(tree)).facts();
    Manifest manifest = manifest();
    Instant now = Instant.now();
    row("negotiation", name, median(() -> new Negotiator(manifest).negotiate(facts, now)), floor);
  }

  private static Manifest manifest() throws Exception {
    byte[] yaml = Files.readAllBytes(Path.of("models/news2/manifest.yaml"));
    return ((ManifestReading.Read) ManifestReader.read(ManifestReader.fromYaml(yaml))).manifest();
  }

  private void keys(byte[] bytes) throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start()) {
      String url = "postgresql://postgres@localhost:" + postgres.getPort() + "/bench";
      Databases.prepare(url, url + "_keys", null);
      try (HikariDataSource database = Databases.pool(url + "_keys", 4)) {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Vault vault = Vault.open(database, MasterKey.fromBase64(key));
        double floor = median(() -> Json.MAPPER.readTree(bytes));
        row(
            "a job's keys made and committed, fsync on",
            "",
            median(() -> vault.createJob("local")),
            floor);
        JobVault job = vault.createJob("local");
        row(
            "sealing",
            bytes.length / 1000 + " kB",
            median(() -> job.seal(Column.BUNDLE, bytes)),
            floor);
      }
    }
  }

  private void sandbox() throws Exception {
    ModelImage image = TestModels.images(Path.of("")).resolve(manifest());
    byte[] request =
        Exchange.request(
            Protocol.JSON_LINES,
            new ModelRequest("sepsis", "2.0.0", "0", Instant.now(), Map.of(), inputs()));
    WasmBackend backend = TestHost.WASM;
    Callable<Answer> cold =
        () -> {
          try (Sandbox sandbox = backend.start(image, Limits.DEFAULT)) {
            return sandbox.ask(request);
          }
        };
    row("a fresh sandbox, started, asked, ended", "news2", median(cold), Double.NaN);
    try (WarmPool pool = new WarmPool(WarmPool.Settings.within(1L << 30), Clock.systemUTC())) {
      WarmPool.Key key = new WarmPool.Key(backend, image, Limits.DEFAULT);
      pool.keep(List.of(key));
      double[] times = new double[200];
      for (int i = 0; i < times.length; i++) {
        while (pool.size() == 0) {
          Thread.onSpinWait();
        }
        long begin = System.nanoTime();
        try (Sandbox sandbox = pool.take(key).sandbox()) {
          sandbox.ask(request);
          times[i] = System.nanoTime() - begin;
        }
      }
      Arrays.sort(times);
      row("a warm sandbox, asked", "news2", times[times.length / 2], Double.NaN);
    }
  }

  private static Map<String, ModelInput> inputs() {
    JsonNode first =
        Json.MAPPER.readTree(
            """
            {"age": 50, "respiration": 21, "spo2": 93, "oxygen": 0, "systolic": 120,
             "heart_rate": 95, "temperature": 37.5}
            """);
    Map<String, ModelInput> inputs = new java.util.LinkedHashMap<>();
    first.forEachEntry(
        (name, value) ->
            inputs.put(name, new ModelInput.Quantity(value.decimalValue(), null, null)));
    inputs.put("consciousness", new ModelInput.Word("alert", null));
    return inputs;
  }

  /** Median nanoseconds of one call, over rounds of a second, after two rounds of warming up. */
  private static double median(Callable<?> work) throws Exception {
    double[] rounds = new double[ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      long end = begin + ROUND_NANOS;
      long calls = 0;
      while (System.nanoTime() < end) {
        work.call();
        calls++;
      }
      if (round >= 0) {
        rounds[round] = (System.nanoTime() - begin) / (double) calls;
      }
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private void row(String stage, String input, double nanos, double floor) {
    results.rows().addObject().put("stage", stage).put("input", input).put("median_ns", nanos);
    System.out.printf(
        "| %s | %s | %s | %,.0f | %s |%n",
        stage,
        input,
        nanos < 1e6 ? "%.1f µs".formatted(nanos / 1e3) : "%.1f ms".formatted(nanos / 1e6),
        1e9 / nanos,
        Double.isNaN(floor) ? "" : "%.1f ×".formatted(nanos / floor));
  }
}
