package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.TestModels.request;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What every backend that runs container images must stand, tried with real hostile programs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
public abstract class BackendContract {
  protected static final long MEMORY = 64L << 20;
  private static final Limits LIMITS = new Limits(MEMORY, 1, Duration.ofSeconds(20), 64 << 10);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration OVERRUN = Duration.ofSeconds(5);
  private static final String SECRET = "Zq7-canary-Jx41-Vb";
  private static final byte[] REQUEST = request("{}");

  protected Host host;
  protected Backend backend;
  private Residue residue;

  /** The backend under test, and what it needs to be there. */
  protected abstract Backend open(Host host) throws Exception;

  /**
   * What a model may reach because it is of the kernel that the sandbox has for itself, and nothing
   * of the host's.
   */
  protected Set<String> ownKernels() {
    return Set.of();
  }

  /** Whether a bomb of processes may end the model instead of being refused. */
  protected boolean bombsEndTheModel() {
    return false;
  }

  @BeforeAll
  void start() throws Exception {
    HostileModels.build();
    host = Host.open(Path.of(System.getProperty("java.io.tmpdir")));
    backend = open(host);
    Probe probe = backend.probe();
    Requires.that(probe.available(), probe.detail() + " " + probe.remedy());
    // What a backend makes once, for all sandboxes of these limits, is no residue.
    say("output answer-and-stay", LIMITS, REQUEST);
  }

  @AfterAll
  void end() {
    if (backend != null) {
      backend.close();
    }
    if (host != null) {
      host.close();
      assertThat(host.folder()).doesNotExist();
    }
  }

  @BeforeEach
  void count() {
    residue = new Residue(host.folder());
  }

  @AfterEach
  void nothing_is_left() {
    if (host != null) {
      residue.assertNothingNew();
    }
  }

  private Answer say(String program, Limits limits, byte[] request) throws SandboxException {
    assertThat(HostileModels.exists(program)).as(program).isTrue();
    try (Sandbox sandbox = backend.start(image(program), limits)) {
      return sandbox.ask(request);
    }
  }

  /** The image of a program and its arguments. */
  protected ModelImage image(String program) {
    return HostileModels.image(program);
  }

  private Failure failure(String program, Limits limits) throws SandboxException {
    Answer answer = say(program, limits, REQUEST);
    assertThat(answer).as(program).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed) answer).failure();
  }

  private JsonNode reply(String program, String inputs) throws SandboxException {
    Answer answer = say(program, LIMITS, request(inputs));
    assertThat(answer).as(program).isInstanceOf(Answer.Replied.class);
    return Json.MAPPER.readTree(((Answer.Replied) answer).line());
  }

  /** Nothing was reached, though it was tried. */
  private JsonNode assertNothing(String program, String inputs) throws SandboxException {
    JsonNode reply = reply(program, inputs);
    assertThat(reply.path("details").path("tried").asInt()).as(program).isPositive();
    assertThat(reply.path("details").path("reached").propertyNames())
        .as(program)
        .allMatch(reached -> ownKernels().contains(reached.replaceFirst("^\\d+ ", "")));
    if (ownKernels().isEmpty()) {
      assertThat(reply.path("outcome").asString()).as(reply.toString()).isEqualTo("nothing");
    }
    return reply.path("details");
  }

  @ParameterizedTest
  @CsvSource({"fork-bomb, processes", "threads, threads"})
  void what_multiplies_is_held(String mode, String counted) throws Exception {
    switch (say("processes " + mode, LIMITS, REQUEST)) {
      case Answer.Failed failed ->
          assertThat(bombsEndTheModel()).as(failed.failure().name()).isTrue();
      case Answer.Replied replied -> {
        JsonNode details = Json.MAPPER.readTree(replied.line()).path("details");
        assertThat(details.path(counted).asInt()).as(details.toString()).isBetween(1, 128);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "processes stubborn",
        "processes sleeper",
        "processes stopped",
        "processes all-processors",
        "output answer-and-stay",
        "output close-and-stay",
        "output drip",
        "spin"
      })
  void what_never_ends_is_ended_at_its_limit(String program) throws Exception {
    assertThat(endedInTime(program)).isEqualTo(Failure.TIMEOUT);
  }

  /** Processes take memory, so a storm of them may meet that limit first. */
  @Test
  void a_storm_of_processes_is_ended() throws Exception {
    Failure failure = endedInTime("processes fork-storm");
    if (!bombsEndTheModel() || failure != Failure.CRASHED) {
      assertThat(failure).isIn(Failure.TIMEOUT, Failure.OUT_OF_MEMORY);
    }
  }

  private Failure endedInTime(String program) throws SandboxException {
    Limits brief = new Limits(MEMORY, 1, SHORT, 64 << 10);
    try (Sandbox sandbox = backend.start(image(program), brief)) {
      long begin = System.nanoTime();
      Answer answer = sandbox.ask(REQUEST);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SHORT.plus(OVERRUN));
      return ((Answer.Failed) answer).failure();
    }
  }

  @Test
  void a_process_that_was_left_to_itself_neither_delays_the_answer_nor_outlives_it()
      throws Exception {
    assertThat(say("processes daemon", LIMITS, REQUEST)).isInstanceOf(Answer.Replied.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "children", "tmp", "shm", "memfd", "sysv", "pipes", "locked"})
  void memory_is_held(String mode) throws Exception {
    assertHeld("memory " + mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fill", "files", "sparse"})
  void the_disk_is_held(String mode) throws Exception {
    assertHeld("disk " + mode);
  }

  /** Out of memory, or an answer that tells of no more bytes than were granted. */
  private void assertHeld(String program) throws SandboxException {
    Answer answer = say(program, LIMITS, REQUEST);
    switch (answer) {
      case Answer.Failed failed ->
          assertThat(failed.failure()).as(program).isEqualTo(Failure.OUT_OF_MEMORY);
      case Answer.Replied replied -> {
        JsonNode details = Json.MAPPER.readTree(replied.line()).path("details");
        assertThat(details.path("bytes").asLong(0)).as(details.toString()).isBetween(0L, MEMORY);
        assertThat(details.path("successes").asInt(-1)).as(details.toString()).isZero();
      }
    }
  }

  @Test
  void only_tmp_takes_files() throws Exception {
    JsonNode details = reply("disk everywhere", "{}").path("details");
    // Shared memory is a folder of its own, capped too: some libraries insist on it.
    assertThat(details.path("reached").propertyNames()).isSubsetOf("file in /dev/shm/");
    assertThat(details.path("tmp").asInt()).isEqualTo(1);
  }

  @Test
  void no_network_is_reached() throws Exception {
    try (Listeners listeners = new Listeners()) {
      JsonNode details = assertNothing("network reach", listeners.inputs());
      assertThat(details.path("interfaces").asInt(-1)).isZero();
      assertThat(listeners.heard()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "output late-line",
        "output many-lines",
        "output huge-line",
        "two-lines",
        "no-newline",
        "bad-utf8",
        "huge-output"
      })
  void what_is_not_one_line_is_bad_output(String program) throws Exception {
    assertThat(failure(program, LIMITS)).isEqualTo(Failure.BAD_OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nan",
        "infinity",
        "probability-1.7",
        "negative-probability",
        "wrong-shape",
        "twice-named",
        "deep-json",
        "huge-number",
        "not-json",
        "not-an-object"
      })
  void what_is_no_valid_answer_is_not_delivered(String program) throws Exception {
    Answer answer = say(program, LIMITS, REQUEST);
    if (answer instanceof Answer.Replied(byte[] line, byte[] _, Duration _)) {
      assertThat(Exchange.read(Protocol.JSON_LINES, line, Manifest.Output.ANY))
          .isInstanceOf(Reply.Bad.class);
    } else {
      assertThat(((Answer.Failed) answer).failure()).isEqualTo(Failure.BAD_OUTPUT);
    }
  }

  @Test
  void stderr_is_kept_to_its_cap_and_no_further() throws Exception {
    Answer answer =
        say("output log-flood", new Limits(MEMORY, 1, Duration.ofMinutes(2), 64 << 10), REQUEST);
    assertThat(answer).isInstanceOf(Answer.Replied.class);
    assertThat(answer.stderr()).hasSize(64 << 10);
    assertThat(say("echo-stderr", LIMITS, request("{\"age\":41}")).stderr())
        .asString(StandardCharsets.UTF_8)
        .contains("41");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dies segv",
        "dies abort",
        "dies kill",
        "dies exit-3",
        "dies kill-group",
        "output from-the-grave",
        "crash",
        "exit-nonzero",
        "no-reply"
      })
  void a_model_that_dies_has_crashed(String program) throws Exception {
    assertThat(failure(program, LIMITS)).isEqualTo(Failure.CRASHED);
  }

  @Test
  void one_that_would_end_everybody_ends_itself_at_most() throws Exception {
    try (Sandbox beside = backend.start(image("residue look"), LIMITS)) {
      say("dies kill-everybody", LIMITS, REQUEST);
      assertThat(beside.isWaiting()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ends-before-ready",
        "babbles-before-ready",
        "memory map early",
        "dies segv early"
      })
  void a_model_that_does_not_get_ready_says_why(String program) {
    assertThatThrownBy(() -> say(program, LIMITS, REQUEST))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.NOT_READY));
  }

  @Test
  void nothing_of_one_patient_is_found_by_another() throws Exception {
    String secret = HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8));
    String inputs = "{\"secret\":{\"value\":\"" + secret + "\"}}";
    for (int turn = 0; turn < 5; turn++) {
      try (Sandbox beside = backend.start(image("residue look"), LIMITS)) {
        reply("residue plant", inputs);
        for (Answer answer :
            new Answer[] {
              beside.ask(request(inputs)), say("residue look", LIMITS, request(inputs))
            }) {
          assertThat(answer).as(answer.toString()).isInstanceOf(Answer.Replied.class);
          JsonNode found = Json.MAPPER.readTree(((Answer.Replied) answer).line());
          assertThat(found.path("outcome").asString()).as(found.toString()).isEqualTo("nothing");
          assertThat(found.path("details").path("own_regions").asInt()).isPositive();
        }
      }
    }
  }

  @Test
  void no_privilege_is_had() throws Exception {
    assertNothing("privileges try", "{}");
  }

  @Test
  void nothing_of_the_host_is_seen() throws Exception {
    assertNothing(
        "host look",
        "{\"host_name\":{\"value\":\"%s\"},\"host_word\":{\"value\":\"%s\"}}"
            .formatted(
                java.net.InetAddress.getLocalHost().getHostName(),
                host.folder().getFileName().toString()));
  }

  @Test
  void one_that_is_killed_from_outside_has_crashed() throws Exception {
    try (Sandbox sandbox = backend.start(image("processes sleeper"), LIMITS)) {
      Thread.ofVirtual().start(sandbox::close);
      assertThat(((Answer.Failed) sandbox.ask(REQUEST)).failure())
          .isIn(Failure.CANCELLED, Failure.CRASHED);
    }
  }

  @Test
  void a_sandbox_answers_once() throws Exception {
    try (Sandbox sandbox = backend.start(image("processes daemon"), LIMITS)) {
      sandbox.ask(REQUEST);
      assertThat(sandbox.isWaiting()).isFalse();
      assertThatThrownBy(() -> sandbox.ask(REQUEST)).isInstanceOf(IllegalStateException.class);
    }
  }
}
