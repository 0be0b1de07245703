package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.contract.Trials.LIMITS;
import static org.clinisandbox.sandbox.contract.Trials.REQUEST;

import java.time.Duration;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend that runs container images must stand, tried with real hostile programs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
public abstract class BackendContract {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration OVERRUN = Duration.ofSeconds(5);

  private final Subject subject;
  private Trials trials;
  private Residue residue;

  protected BackendContract(Subject subject) {
    this.subject = subject;
  }

  @BeforeAll
  void start() throws Exception {
    trials = Trials.open(subject);
  }

  @AfterAll
  void end() {
    if (trials != null) {
      trials.close();
    }
  }

  @BeforeEach
  void count() {
    residue = new Residue(trials.host().folder());
  }

  @AfterEach
  void nothing_is_left() {
    if (residue != null) {
      residue.assertNothingNew();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork-bomb", "threads"})
  void what_multiplies_is_held(String mode) throws Exception {
    trials.multiplies(mode);
  }

  @ParameterizedTest
  @FieldSource("org.clinisandbox.sandbox.contract.HostileModels#ENDLESS")
  void what_never_ends_is_ended_at_its_limit(String program) throws Exception {
    assertThat(trials.overruns(HostileModels.image(program), SHORT)).isLessThan(OVERRUN);
  }

  @Test
  void a_storm_of_processes_is_ended() throws Exception {
    trials.storms(SHORT);
  }

  @Test
  void a_process_that_was_left_to_itself_neither_delays_the_answer_nor_outlives_it()
      throws Exception {
    assertThat(trials.say("processes daemon", LIMITS, REQUEST)).isInstanceOf(Answer.Replied.class);
  }

  @ParameterizedTest
  @FieldSource("org.clinisandbox.sandbox.contract.HostileModels#MEMORY")
  void memory_is_held(String mode) throws Exception {
    trials.isHeld("memory " + mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fill", "files", "sparse"})
  void the_disk_is_held(String mode) throws Exception {
    trials.isHeld("disk " + mode);
  }

  @Test
  void only_tmp_takes_files() throws Exception {
    trials.writesToScratchOnly();
  }

  @Test
  void no_network_is_reached() throws Exception {
    trials.reachesNoNetwork();
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
    trials.fails(program, Failure.BAD_OUTPUT);
  }

  @ParameterizedTest
  @FieldSource("org.clinisandbox.sandbox.contract.HostileModels#INVALID")
  void what_is_no_valid_answer_is_not_delivered(String program) throws Exception {
    trials.isNotDelivered(program);
  }

  @Test
  void stderr_is_kept_to_its_cap_and_no_further() throws Exception {
    assertThat(trials.floods("output log-flood", Duration.ofMinutes(2)))
        .isInstanceOf(Answer.Replied.class);
    trials.printsItsInput();
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
    trials.fails(program, Failure.CRASHED);
  }

  @Test
  void one_that_would_end_everybody_ends_itself_at_most() throws Exception {
    try (Sandbox beside = trials.start("residue look", LIMITS)) {
      trials.say("dies kill-everybody", LIMITS, REQUEST);
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
    assertThatThrownBy(() -> trials.say(program, LIMITS, REQUEST))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.NOT_READY));
  }

  @Test
  void nothing_of_one_patient_is_found_by_another() throws Exception {
    for (int turn = 0; turn < 5; turn++) {
      trials.leavesNothing();
    }
  }

  @Test
  void no_privilege_is_had() throws Exception {
    trials.reachesNothing("privileges try", "{}");
  }

  @Test
  void nothing_of_the_host_is_seen() throws Exception {
    trials.seesNothingOfTheHost();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void one_that_is_killed_from_outside_has_crashed(int which) throws Exception {
    trials.isKilled(which);
  }

  @Test
  void one_that_is_closed_while_it_works_is_cancelled_or_has_crashed() throws Exception {
    try (Sandbox sandbox = trials.start("processes sleeper", LIMITS)) {
      Thread.ofVirtual().start(sandbox::close);
      assertThat(((Answer.Failed) sandbox.ask(REQUEST)).failure())
          .isIn(Failure.CANCELLED, Failure.CRASHED);
    }
  }

  @Test
  void a_sandbox_answers_once() throws Exception {
    try (Sandbox sandbox = trials.start("processes daemon", LIMITS)) {
      sandbox.ask(REQUEST);
      assertThat(sandbox.isWaiting()).isFalse();
      assertThatThrownBy(() -> sandbox.ask(REQUEST)).isInstanceOf(IllegalStateException.class);
    }
  }
}
