package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.TestModels.request;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Exchange;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Reply;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.host.Host;
import tools.jackson.databind.JsonNode;

/**
 * Hostile programs in the sandboxes of one backend. Each trial runs one of them once, fails when it
 * got what it must not have, and tells what can be counted.
 */
public final class Trials implements AutoCloseable {
  /** Processes and threads that a model may have. */
  public static final int PROCESSES = 128;

  public static final Limits LIMITS = new Limits(64L << 20, 1, Duration.ofSeconds(20), 64 << 10);
  public static final byte[] REQUEST = request("{}");
  public static final String SECRET = "Zq7-canary-Jx41-Vb";

  private final Subject subject;
  private final Host host;
  private final Backend backend;

  /** Processes that were there before. */
  private final Set<ProcessHandle> others;

  private Trials(Subject subject, Host host, Backend backend, Set<ProcessHandle> others) {
    this.others = others;
    this.subject = subject;
    this.host = host;
    this.backend = backend;
  }

  /** Opens the backend, or skips the test where this machine has none. */
  public static Trials open(Subject subject) throws Exception {
    HostileModels.build();
    Set<ProcessHandle> others =
        ProcessHandle.current().descendants().collect(Collectors.toUnmodifiableSet());
    Host host = Host.open(Path.of(System.getProperty("java.io.tmpdir")));
    Trials trials =
        new Trials(subject, host, subject.opening().on(host, HostileModels.disks(host)), others);
    Probe probe = trials.backend.probe();
    Requires.that(probe.available(), probe.detail() + " " + probe.remedy());
    // What a backend makes once, for all sandboxes of these limits, is no residue.
    trials.start("spin", LIMITS).close();
    return trials;
  }

  /** Ends everything, and fails when the host's place is still there. */
  @Override
  public void close() {
    backend.close();
    host.close();
    assertThat(host.folder()).doesNotExist();
  }

  public Subject subject() {
    return subject;
  }

  public Host host() {
    return host;
  }

  /** Starts a program and its arguments. */
  public Sandbox start(String program, Limits limits) throws SandboxException {
    return start(subject.images().apply(program), limits);
  }

  public Sandbox start(ModelImage image, Limits limits) throws SandboxException {
    return backend.start(image, limits);
  }

  /** What a program answers. */
  public Answer say(String program, Limits limits, byte[] request) throws SandboxException {
    try (Sandbox sandbox = start(program, limits)) {
      return sandbox.ask(request);
    }
  }

  /** What a program answers that must not fail. */
  public JsonNode reply(String program, String inputs) throws SandboxException {
    return json(program, say(program, LIMITS, request(inputs)));
  }

  private static JsonNode json(String program, Answer answer) {
    assertThat(answer).as(program).isInstanceOf(Answer.Replied.class);
    return Json.MAPPER.readTree(((Answer.Replied) answer).line());
  }

  private static Failure failure(String program, Answer answer) {
    assertThat(answer).as(program).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed) answer).failure();
  }

  /** It fails so and not otherwise. */
  public void fails(String program, Failure expected) throws SandboxException {
    assertThat(failure(program, say(program, LIMITS, REQUEST))).as(program).isEqualTo(expected);
  }

  /** Nothing was reached; how often it was tried. */
  public int reachesNothing(String program, String inputs) throws SandboxException {
    JsonNode reply = reply(program, inputs);
    JsonNode details = reply.path("details");
    assertThat(details.path("tried").asInt()).as(program).isPositive();
    assertThat(details.path("reached").propertyNames())
        .as(program)
        .allMatch(reached -> subject.ownKernels().contains(reached.replaceFirst("^\\d+ ", "")));
    if (subject.ownKernels().isEmpty()) {
      assertThat(reply.path("outcome").asString()).as(reply.toString()).isEqualTo("nothing");
    }
    return details.path("tried").asInt();
  }

  /** No socket gets anywhere; how often it was tried. */
  public int reachesNoNetwork() throws Exception {
    try (Listeners listeners = new Listeners()) {
      int tried = reachesNothing("network reach", listeners.inputs());
      assertThat(listeners.heard()).isZero();
      return tried;
    }
  }

  /** Nothing of the host is seen; how often it was looked for. */
  public int seesNothingOfTheHost() throws Exception {
    return reachesNothing(
        "host look",
        "{\"host_name\":{\"value\":\"%s\"},\"host_word\":{\"value\":\"%s\"}}"
            .formatted(InetAddress.getLocalHost().getHostName(), host.folder().getFileName()));
  }

  /**
   * How many processes or threads there came to be; 0 when the bomb ended the model.
   *
   * @param mode {@code fork-bomb} or {@code threads}
   */
  public int multiplies(String mode) throws SandboxException {
    switch (say("processes " + mode, LIMITS, REQUEST)) {
      case Answer.Failed failed -> {
        assertThat(subject.bombsEndTheModel()).as(failed.failure().name()).isTrue();
        return 0;
      }
      case Answer.Replied replied -> {
        JsonNode details = Json.MAPPER.readTree(replied.line()).path("details");
        int most = Math.max(details.path("processes").asInt(), details.path("threads").asInt());
        assertThat(most).as(details.toString()).isBetween(1, PROCESSES);
        return most;
      }
    }
  }

  /** Processes take memory, so a storm of them may meet that limit first. */
  public void storms(Duration limit) throws SandboxException {
    Failure failure = failure("fork-storm", say("processes fork-storm", brief(limit), REQUEST));
    if (!subject.bombsEndTheModel() || failure != Failure.CRASHED) {
      assertThat(failure).isIn(Failure.TIMEOUT, Failure.OUT_OF_MEMORY);
    }
  }

  private static Limits brief(Duration limit) {
    return new Limits(LIMITS.memoryBytes(), 1, limit, LIMITS.outputBytes());
  }

  /** How long after its limit a program that never ends was ended. */
  public Duration overruns(ModelImage image, Duration limit) throws SandboxException {
    try (Sandbox sandbox = start(image, brief(limit))) {
      long begin = System.nanoTime();
      Answer answer = sandbox.ask(REQUEST);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(failure(image.toString(), answer)).isEqualTo(Failure.TIMEOUT);
      return took.minus(limit);
    }
  }

  /**
   * Out of memory, or an answer that tells of no more bytes than were granted; how many, or empty
   * when it was out of memory.
   */
  public OptionalLong isHeld(String program) throws SandboxException {
    Answer answer = say(program, LIMITS, REQUEST);
    switch (answer) {
      case Answer.Failed failed -> {
        assertThat(failed.failure()).as(program).isEqualTo(Failure.OUT_OF_MEMORY);
        return OptionalLong.empty();
      }
      case Answer.Replied replied -> {
        JsonNode details = Json.MAPPER.readTree(replied.line()).path("details");
        long bytes = details.path("bytes").asLong(0);
        assertThat(bytes).as(details.toString()).isBetween(0L, LIMITS.memoryBytes());
        assertThat(details.path("successes").asInt(-1)).as(details.toString()).isZero();
        return OptionalLong.of(bytes);
      }
    }
  }

  /** Shared memory is a folder of its own, capped too: some libraries insist on it. */
  public void writesToScratchOnly() throws SandboxException {
    JsonNode details = reply("disk everywhere", "{}").path("details");
    assertThat(details.path("reached").propertyNames()).isSubsetOf("file in /dev/shm/");
    assertThat(details.path("tmp").asInt()).isEqualTo(1);
  }

  /** What is no valid answer is found by the sandbox, or by whoever reads the answer. */
  public void isNotDelivered(String program) throws SandboxException {
    Answer answer = say(program, LIMITS, REQUEST);
    if (answer instanceof Answer.Replied(byte[] line, byte[] _, Duration _)) {
      assertThat(Exchange.read(Protocol.JSON_LINES, line, Manifest.Output.ANY))
          .as(program)
          .isInstanceOf(Reply.Bad.class);
    } else {
      assertThat(failure(program, answer)).as(program).isEqualTo(Failure.BAD_OUTPUT);
    }
  }

  /** What it printed is there up to the cap: the answer's, or at least the error stream's. */
  public Answer floods(String program, Duration limit) throws SandboxException {
    Answer answer = say(program, brief(limit), REQUEST);
    assertThat(answer.stderr()).as(program).hasSize(LIMITS.outputBytes());
    return answer;
  }

  /** A canary among the inputs comes back on standard error, to be kept, and nowhere else. */
  public void printsItsInput() throws SandboxException {
    assertThat(say("echo-stderr", LIMITS, request(secret(SECRET))).stderr())
        .asString(StandardCharsets.UTF_8)
        .contains(SECRET);
  }

  private static String secret(String value) {
    return "{\"secret\":{\"value\":\"" + value + "\"}}";
  }

  /**
   * One patient's model plants a secret; one that waited meanwhile and one that comes later look
   * for it.
   */
  public void leavesNothing() throws SandboxException {
    String inputs = secret(HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8)));
    try (Sandbox beside = start("residue look", LIMITS)) {
      reply("residue plant", inputs);
      byte[] request = request(inputs);
      for (Answer answer : List.of(beside.ask(request), say("residue look", LIMITS, request))) {
        JsonNode found = json("residue look", answer);
        assertThat(found.path("outcome").asString()).as(found.toString()).isEqualTo("nothing");
        assertThat(found.path("details").path("own_regions").asInt()).isPositive();
      }
    }
  }

  /**
   * Ends one process of a sandbox whose model works, as kill -9 does; how long until that was seen.
   *
   * @param which of them, from the outermost; beyond the last it starts again
   */
  public Duration isKilled(int which) throws Exception {
    try (Sandbox sandbox = start("spin", LIMITS)) {
      List<ProcessHandle> processes =
          ProcessHandle.current()
              .descendants()
              .filter(process -> !others.contains(process))
              .filter(Trials::isProgram)
              .toList();
      FutureTask<Answer> answer = new FutureTask<>(() -> sandbox.ask(REQUEST));
      Thread.ofVirtual().start(answer);
      while (sandbox.isWaiting()) {
        Thread.onSpinWait();
      }
      ProcessHandle killed = processes.get(which % processes.size());
      String command = which + " of " + processes.size() + ": " + killed.info().commandLine();
      long begin = System.nanoTime();
      assertThat(killed.destroyForcibly()).isTrue();
      Failure failure = failure("killed from outside", answer.get());
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(failure).as(command).isEqualTo(Failure.CRASHED);
      return took;
    }
  }

  /**
   * gVisor's address spaces are processes without a command; it misses one when it next uses it.
   */
  private static boolean isProgram(ProcessHandle process) {
    try {
      return !Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }
}
