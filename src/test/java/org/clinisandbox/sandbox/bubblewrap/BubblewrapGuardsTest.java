package org.clinisandbox.sandbox.bubblewrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.TestModels.request;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.contract.FailingJail;
import org.clinisandbox.sandbox.contract.HostileModels;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.guest.GuestSandbox;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProcessEnclosure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Each guard taken away, by itself: the hostile program then gets what the contract denies it. */
@Timeout(120)
class BubblewrapGuardsTest {
  private static final long MEMORY = 64L << 20;
  private static final Limits LIMITS = new Limits(MEMORY, 1, Duration.ofSeconds(20), 1 << 20);
  private static final UnaryOperator<Confinement> ALL = UnaryOperator.identity();

  private static Host host;

  @BeforeAll
  static void start() throws Exception {
    HostileModels.build();
    host = Host.open(Path.of(System.getProperty("java.io.tmpdir")));
    Requires.that(new BubblewrapBackend(host).probe().available(), "bubblewrap");
    Requires.that(host.hasControlGroups(), "a place for control groups");
  }

  @AfterAll
  static void end() {
    host.close();
  }

  private static JsonNode details(
      String program, String inputs, Limits limits, UnaryOperator<Confinement> without)
      throws Exception {
    Answer answer = answer(program, inputs, limits, without);
    assertThat(answer).as(program).isInstanceOf(Answer.Replied.class);
    return Json.MAPPER.readTree(((Answer.Replied) answer).line()).path("details");
  }

  private static Answer answer(
      String program, String inputs, Limits limits, UnaryOperator<Confinement> without)
      throws Exception {
    return answer(program, inputs, limits, without, GuestSetup.PROCESSES);
  }

  /**
   * @param told how many processes the guest lets the model have
   */
  private static Answer answer(
      String program, String inputs, Limits limits, UnaryOperator<Confinement> without, int told)
      throws Exception {
    ModelImage.Container image = HostileModels.image(program);
    GuestSetup setup = GuestSetup.of(image, limits);
    Path filter = Files.write(host.folder().resolve("f"), SyscallFilter.of(Protocol.JSON_LINES));
    Confinement confinement =
        new BubblewrapCommand(host, Host.find("bwrap").orElseThrow(), filter, image, limits)
            .confinement();
    try (Sandbox sandbox =
        GuestSandbox.start(
            new ProcessEnclosure(host.start(without.apply(confinement))),
            new GuestSetup(
                setup.protocol(),
                setup.arguments(),
                setup.environment(),
                setup.workingFolder(),
                setup.memoryBytes(),
                told,
                setup.tmpBytes(),
                setup.model(),
                setup.rehearsal()),
            limits,
            Duration.ofSeconds(20),
            System.nanoTime())) {
      return sandbox.ask(request(inputs));
    }
  }

  private static Confinement with(
      Confinement confinement, List<String> command, long memoryBytes, int processes) {
    return new Confinement(
        command,
        memoryBytes,
        confinement.cpus(),
        processes,
        confinement.binds(),
        confinement.descriptors(),
        confinement.limits(),
        confinement.folder());
  }

  /** Without an option and so many words that follow it. */
  private static UnaryOperator<Confinement> without(String option, int words, String... instead) {
    return confinement -> {
      List<String> command = new ArrayList<>(confinement.command());
      int at = command.indexOf(option);
      assertThat(at).as(option).isPositive();
      command.subList(at, at + 1 + words).clear();
      command.addAll(at, List.of(instead));
      return with(confinement, command, confinement.memoryBytes(), confinement.processes());
    };
  }

  @Test
  void what_bubblewrap_says_of_a_jail_that_it_cannot_make_is_told() throws Exception {
    Path folder = host.newFolder();
    BubblewrapBackend backend = new BubblewrapBackend(host, Optional.of(FailingJail.in(folder)));
    for (int i = 0; i < 20; i++) {
      Probe probe = backend.probe();
      assertThat(probe.available()).isFalse();
      assertThat(probe.detail()).contains(FailingJail.COMPLAINT);
    }
  }

  @Test
  void without_the_filter_more_system_calls_answer_than_the_list_allows() throws Exception {
    JsonNode held = details("syscalls all", "{}", LIMITS, ALL);
    assertThat(held.path("answered").asString()).isNotEmpty();
    assertThat(FilterDump.beyondTheList(held)).isEmpty();
    JsonNode open = details("syscalls all", "{}", LIMITS, without("--seccomp", 1));
    assertThat(FilterDump.beyondTheList(open)).isNotEmpty();
  }

  @Test
  void without_a_network_of_its_own_the_hosts_is_reached() throws Exception {
    UnaryOperator<Confinement> shared =
        without(
            "--unshare-all",
            0,
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-uts",
            "--unshare-cgroup");
    UnaryOperator<Confinement> open = c -> without("--seccomp", 1).apply(shared.apply(c));
    assertThat(details("network reach", "{}", LIMITS, ALL).path("successes").asInt()).isZero();
    JsonNode details = details("network reach", "{}", LIMITS, open);
    assertThat(details.path("interfaces").asInt() + details.path("successes").asInt()).isPositive();
  }

  @Test
  void without_the_memory_cap_a_model_takes_what_it_likes() throws Exception {
    String bytes = "{\"bytes\":{\"value\":" + 3 * MEMORY + "}}";
    assertThat(answer("memory map", bytes, LIMITS, ALL))
        .isInstanceOfSatisfying(
            Answer.Failed.class,
            failed -> assertThat(failed.failure()).isEqualTo(Answer.Failure.OUT_OF_MEMORY));
    UnaryOperator<Confinement> uncapped =
        confinement ->
            with(confinement, confinement.command(), 8 * MEMORY, confinement.processes());
    assertThat(details("memory map", bytes, LIMITS, uncapped).path("bytes").asLong())
        .isGreaterThan(MEMORY);
  }

  @Test
  void either_cap_on_processes_holds_and_without_both_a_model_makes_more() throws Exception {
    UnaryOperator<Confinement> uncapped =
        confinement -> with(confinement, confinement.command(), 4 * MEMORY, 400);

    assertThat(threads(ALL, 400)).isLessThanOrEqualTo(GuestSetup.PROCESSES);
    assertThat(threads(uncapped, GuestSetup.PROCESSES)).isLessThanOrEqualTo(GuestSetup.PROCESSES);
    assertThat(threads(uncapped, 400)).isGreaterThan(GuestSetup.PROCESSES);
  }

  private static int threads(UnaryOperator<Confinement> without, int told) throws Exception {
    Answer answer = answer("processes threads", "{}", LIMITS, without, told);
    return Json.MAPPER
        .readTree(((Answer.Replied) answer).line())
        .path("details")
        .path("threads")
        .asInt();
  }

  @Test
  void without_a_read_only_root_files_are_left_elsewhere_than_in_tmp() throws Exception {
    int reached = details("disk everywhere", "{}", LIMITS, ALL).path("successes").asInt();
    JsonNode more = details("disk everywhere", "{}", LIMITS, without("--remount-ro", 1));
    assertThat(more.path("successes").asInt()).isGreaterThan(reached);
  }

  @Test
  void without_the_cap_on_output_a_long_line_is_taken() throws Exception {
    Limits little = new Limits(MEMORY, 1, Duration.ofSeconds(20), 1 << 10);
    Limits much = new Limits(MEMORY, 1, Duration.ofSeconds(20), 32 << 20);
    assertThat(((Answer.Failed) answer("huge-output", "{}", little, ALL)).failure())
        .isEqualTo(Answer.Failure.BAD_OUTPUT);
    assertThat(answer("deep-json", "{}", much, ALL)).isInstanceOf(Answer.Replied.class);
    assertThat(((Answer.Failed) answer("deep-json", "{}", little, ALL)).failure())
        .isEqualTo(Answer.Failure.BAD_OUTPUT);
  }

  @Test
  void without_the_deadline_a_slow_answer_is_waited_for() throws Exception {
    Limits brief = new Limits(MEMORY, 1, Duration.ofMillis(50), 1 << 20);
    String work = "{\"iterations\":{\"value\":1000000000}}";
    assertThat(((Answer.Failed) answer("slow", work, brief, ALL)).failure())
        .isEqualTo(Answer.Failure.TIMEOUT);
    assertThat(answer("slow", work, LIMITS, ALL)).isInstanceOf(Answer.Replied.class);
  }
}
