package org.clinisandbox.bench;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.clinisandbox.bench.Clients.Exchange;
import org.clinisandbox.bench.Clients.Round;
import org.clinisandbox.fhir.Json;

/**
 * Servers that speak {@code POST /v1/diagnose}, loaded as peers in one run, taking turns: first by
 * as many clients as are given, for the most that each does, then by requests at fixed times, half
 * as many, for how long they take. Ends with the path of its results.
 *
 * <p>Arguments: {@code --name NAME} of the results, {@code --seconds N}, {@code --rounds N}, {@code
 * --clients N}, {@code --only KIND}, {@code --body FILE}; then each peer as {@code NAME=URL}, after
 * it {@code --body FILE} when its requests are others, {@code --headers FILE} with lines such as
 * {@code Authorization: Bearer ...}, {@code --calls} when it may call a webhook on this machine,
 * {@code --pids 1,2} for the processor time of its processes here.
 */
public final class Load {
  /** Rounds that nobody counts, with results awaited so that no work is left over. */
  private static final int WARM_UP = 4;

  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Mailbox mailbox;
  private final Options options;

  private Load(Mailbox mailbox, Options options) {
    this.mailbox = mailbox;
    this.options = options;
  }

  /** What is asked for, and the status that says that it is there. */
  enum Kind {
    ACCEPT("to 202", 202),
    RESULT("to the result, Prefer: wait=60", 200),
    WEBHOOK("to the webhook", 202);

    private final String text;
    private final int expected;

    Kind(String text, int expected) {
      this.text = text;
      this.expected = expected;
    }

    String text() {
      return text;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Options(
      String name, int seconds, int rounds, int clients, List<Kind> kinds, List<Peer> peers) {
    static Options parse(List<String> arguments) throws Exception {
      Map<String, String> named =
          new LinkedHashMap<>(Map.of("--seconds", "5", "--rounds", "5", "--clients", "16"));
      List<Peer> peers = new ArrayList<>();
      for (var next = arguments.iterator(); next.hasNext(); ) {
        String word = next.next();
        if (!word.startsWith("--")) {
          peers.add(Peer.of(word, Path.of(named.getOrDefault("--body", "target/small.json"))));
        } else if (word.equals("--calls")) {
          peers.add(peers.removeLast().thatCalls());
        } else if (word.equals("--pids")) {
          peers.add(peers.removeLast().withPids(next.next()));
        } else if (word.equals("--headers")) {
          peers.add(peers.removeLast().withHeaders(Path.of(next.next())));
        } else if (word.equals("--body") && !peers.isEmpty()) {
          Peer last = peers.removeLast();
          peers.add(last.with(Files.readAllBytes(Path.of(next.next()))));
        } else {
          named.put(word, next.next());
        }
      }
      String only = named.get("--only");
      return new Options(
          named.getOrDefault("--name", "load"),
          Integer.parseInt(named.get("--seconds")),
          Integer.parseInt(named.get("--rounds")),
          Integer.parseInt(named.get("--clients")),
          only == null
              ? List.of(Kind.values())
              : List.of(Kind.valueOf(only.toUpperCase(Locale.ROOT))),
          peers);
    }
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.parse(List.of(args));
    Results results = Results.begin(options.name());
    results
        .json()
        .putObject("options")
        .put("seconds", options.seconds())
        .put("rounds", options.rounds())
        .put("clients", options.clients());
    try (Mailbox mailbox = new Mailbox()) {
      LoadTable table = new LoadTable(results);
      Load load = new Load(mailbox, options);
      for (Peer peer : options.peers()) {
        load.closed(Kind.RESULT, peer, WARM_UP * options.seconds());
      }
      for (Kind kind : options.kinds()) {
        load.measure(kind, table);
      }
    }
    System.out.println(results.end().write());
    System.exit(0);
  }

  private void measure(Kind kind, LoadTable table) throws Exception {
    List<Peer> peers =
        options.peers().stream().filter(peer -> kind != Kind.WEBHOOK || peer.calls()).toList();
    for (Peer peer : peers) {
      closed(kind, peer, options.seconds());
    }
    Map<Peer, List<Round>> peaks = inTurns(peers, peer -> closed(kind, peer, options.seconds()));
    Map<Peer, Double> half = new LinkedHashMap<>();
    peaks.forEach(
        (peer, rounds) -> {
          table.row(peer.name(), kind, "closed", 0, rounds);
          half.put(peer, LoadTable.median(rounds.stream().mapToDouble(Round::rate)) / 2);
        });
    inTurns(peers, peer -> open(kind, peer, half.getOrDefault(peer, 1.0)))
        .forEach(
            (peer, rounds) ->
                table.row(peer.name(), kind, "open", half.getOrDefault(peer, 1.0), rounds));
  }

  private interface Turn {
    Round of(Peer peer) throws Exception;
  }

  private Map<Peer, List<Round>> inTurns(List<Peer> peers, Turn turn) throws Exception {
    Map<Peer, List<Round>> rounds = new LinkedHashMap<>();
    for (int round = 0; round < options.rounds(); round++) {
      for (Peer peer : peers) {
        rounds.computeIfAbsent(peer, _ -> new ArrayList<>()).add(turn.of(peer));
      }
    }
    return rounds;
  }

  private Round closed(Kind kind, Peer peer, int seconds) throws Exception {
    Exchange exchange = exchange(kind, peer);
    return round(
        peer,
        kind,
        "closed",
        () -> Clients.closed(exchange, kind.expected, options.clients(), seconds));
  }

  private Round open(Kind kind, Peer peer, double rate) throws Exception {
    Exchange exchange = exchange(kind, peer);
    return round(
        peer, kind, "open", () -> Clients.open(exchange, kind.expected, rate, options.seconds()));
  }

  private Round round(Peer peer, Kind kind, String loop, Callable<Round> load) throws Exception {
    double before = ProcessorTime.seconds(peer.pids());
    Round round = load.call();
    if (!peer.pids().isEmpty()) {
      round = round.with(ProcessorTime.seconds(peer.pids()) - before);
    }
    System.err.printf(
        "%s, %s, %s: %,.0f a second, %,.0f µs of processor time each, errors %s%n",
        peer.name(), kind.text, loop, round.rate(), round.processorMicros(), round.errors());
    drain(peer);
    return round;
  }

  private Exchange exchange(Kind kind, Peer peer) {
    return switch (kind) {
      case ACCEPT -> () -> status(peer.request(0));
      case RESULT -> () -> status(peer.request(60));
      case WEBHOOK ->
          () ->
              http.sendAsync(peer.request(mailbox.url()), BodyHandlers.ofByteArray())
                  .thenCompose(
                      answer ->
                          answer.statusCode() == Kind.WEBHOOK.expected
                              ? mailbox.webhook(
                                  Json.MAPPER.readTree(answer.body()).path("job_id").asString())
                              : CompletableFuture.completedFuture(answer.statusCode()));
    };
  }

  private CompletableFuture<Integer> status(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
  }

  /** What was accepted is still worked on; the next turn begins when a further one has a result. */
  private void drain(Peer peer) throws Exception {
    long end = System.nanoTime() + LONGEST_DRAIN.toNanos();
    while (http.send(peer.request(60), BodyHandlers.discarding()).statusCode() == 202) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(peer.name() + " does not come to an end of its work");
      }
    }
  }
}
