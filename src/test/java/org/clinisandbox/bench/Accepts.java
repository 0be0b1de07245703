package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.batch.Batching;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.NewJob;
import org.clinisandbox.services.Databases;
import tools.jackson.databind.node.ObjectNode;

/**
 * Durable accepts beside what PostgreSQL does by itself with a row of the same size: pgbench, then
 * the same by JDBC, then {@link Jobs#accept} from as many threads and from more, since only
 * requests that wait together share a commit. Everybody's clients run on this machine's processors,
 * one server serves all, rounds take turns. Arguments: a request's file, seconds of a round,
 * rounds. Ends with the path of its results.
 */
public final class Accepts {
  private static final int CLIENTS = 16;

  /** Rounds before those that count: it takes the compiler so long to be idle. */
  private static final int WARM_UP = 2;

  private static final List<Integer> CALLERS = List.of(CLIENTS, 64, 256);
  private static final Pattern TPS = Pattern.compile("(?m)^tps = ([0-9.]+)");

  private Accepts() {}

  /** Somebody who stores rows. */
  private interface Peer {
    /** Stores for so many seconds; how many a second. */
    double run(int seconds) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int seconds = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    Path folder = Files.createTempDirectory("accepts");
    Results file = Results.begin("accepts");
    try (Stand stand = new Stand(folder.resolve("data"))) {
      byte[] bundle =
          Json.MAPPER.writeValueAsBytes(
              Json.MAPPER.readTree(Files.readAllBytes(Path.of(args[0]))).path("fhir_bundle"));
      NewJob request = stand.request(bundle);
      byte[] row = new byte[stand.ciphertext(request)];
      new SecureRandom().nextBytes(row);
      Map<String, Peer> peers = new LinkedHashMap<>();
      peers.put("pgbench -M prepared", time -> pgbench(stand.url(), folder, row, time));
      peers.put("the same by JDBC", time -> jdbc(stand.url(), row, time));
      Jobs single = stand.jobs(Batching.NONE);
      peers.put("accept, a commit each", time -> accept(single, request, CLIENTS, time));
      Jobs together = stand.jobs(Batching.DEFAULT);
      for (int callers : CALLERS) {
        peers.put(
            "accept, commits shared, " + callers + " at a time",
            time -> accept(together, request, callers, time));
      }
      System.out.printf("bytes of ciphertext a row: %d, clients: %d%n", row.length, CLIENTS);
      Map<String, List<Round>> results = new LinkedHashMap<>();
      for (int round = -WARM_UP; round < rounds; round++) {
        for (Map.Entry<String, Peer> peer : peers.entrySet()) {
          stand.clean();
          double before = stand.processorTime();
          double rate = peer.getValue().run(seconds);
          double micros = (stand.processorTime() - before) * 1e6 / (rate * seconds);
          System.err.printf("round %d, %s: %,.0f, %.0f µs%n", round, peer.getKey(), rate, micros);
          if (round >= 0) {
            results
                .computeIfAbsent(peer.getKey(), _ -> new ArrayList<>())
                .add(new Round(rate, micros));
          }
        }
      }
      print(results, file);
    }
    System.out.println(file.end().write());
    System.exit(0);
  }

  /**
   * What a peer came to in a round.
   *
   * @param rate rows a second
   * @param micros of processor time for each row, server and clients together
   */
  private record Round(double rate, double micros) {}

  private static void print(Map<String, List<Round>> results, Results file) {
    double floor = 0;
    System.out.println(
        "| | a second, median | least to most | of pgbench | processor time each, median |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (Map.Entry<String, List<Round>> result : results.entrySet()) {
      double[] rates = result.getValue().stream().mapToDouble(Round::rate).sorted().toArray();
      double[] micros = result.getValue().stream().mapToDouble(Round::micros).sorted().toArray();
      double median = rates[rates.length / 2];
      floor = floor == 0 ? median : floor;
      ObjectNode row = file.rows().addObject().put("peer", result.getKey());
      row.put("of_pgbench", median / floor).put("processor_us", micros[micros.length / 2]);
      row.putObject("rate")
          .put("median", median)
          .put("least", rates[0])
          .put("most", rates[rates.length - 1]);
      System.out.printf(
          "| %s | %,.0f | %,.0f to %,.0f | %.2f | %.0f µs |%n",
          result.getKey(),
          median,
          rates[0],
          rates[rates.length - 1],
          median / floor,
          micros[micros.length / 2]);
    }
  }

  private static double pgbench(String url, Path folder, byte[] row, int seconds)
      throws IOException, InterruptedException {
    Path script = folder.resolve("insert.sql");
    Files.writeString(script, "insert into bench_rows (body) values (:row);\n");
    Process pgbench =
        new ProcessBuilder(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                Integer.toString(CLIENTS),
                "-j",
                "2",
                "-T",
                Integer.toString(seconds),
                "-f",
                script.toString(),
                "-D",
                "row=\\x" + HexFormat.of().formatHex(row),
                url)
            .redirectError(folder.resolve("pgbench.err").toFile())
            .start();
    String out = new String(pgbench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher tps = TPS.matcher(out);
    if (pgbench.waitFor() != 0 || !tps.find()) {
      throw new IOException(out + Files.readString(folder.resolve("pgbench.err")));
    }
    return Double.parseDouble(tps.group(1));
  }

  private static double jdbc(String url, byte[] row, int seconds) throws Exception {
    Databases.Address address = Databases.Address.parse(url);
    return together(
        end -> {
          try (Connection connection =
                  DriverManager.getConnection(
                      "jdbc:postgresql://"
                          + address.host()
                          + ":"
                          + address.port()
                          + "/"
                          + address.name(),
                      address.user(),
                      address.password());
              PreparedStatement insert =
                  connection.prepareStatement("insert into bench_rows (body) values (?)")) {
            long count = 0;
            for (; System.nanoTime() < end; count++) {
              insert.setBytes(1, row);
              insert.executeUpdate();
            }
            return count;
          }
        },
        Executors.newFixedThreadPool(CLIENTS),
        CLIENTS,
        seconds);
  }

  /** Each from a virtual thread of its own, as requests come. */
  private static double accept(Jobs jobs, NewJob request, int callers, int seconds)
      throws Exception {
    return together(
        end -> {
          long count = 0;
          for (; System.nanoTime() < end; count++) {
            if (!(jobs.accept(request) instanceof Acceptance.Accepted)) {
              throw new IllegalStateException("not accepted");
            }
          }
          return count;
        },
        Executors.newVirtualThreadPerTaskExecutor(),
        callers,
        seconds);
  }

  /** One of the threads, until a time of the nano clock; how many rows it stored. */
  private interface Client {
    long run(long end) throws Exception;
  }

  private static double together(Client client, ExecutorService executor, int callers, int seconds)
      throws Exception {
    long begin = System.nanoTime();
    List<Callable<Long>> clients = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      clients.add(() -> client.run(begin + seconds * 1_000_000_000L));
    }
    long rows = 0;
    try (ExecutorService threads = executor) {
      for (Future<Long> done : threads.invokeAll(clients)) {
        rows += done.get();
      }
    }
    return rows * 1e9 / (System.nanoTime() - begin);
  }
}
