package org.clinisandbox.sandbox.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.guest.GuestProcess.EXITED;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.guest.GuestProcess.Said;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class GuestProgramTest {
  private static final String READY = "{\"ready\":true}\n";
  private static final String GREET = "echo '{\"ready\":true}'; read line; ";

  private static Said askScript(String script) throws Exception {
    try (GuestProcess guest = GuestProcess.ofScript(GREET + script)) {
      guest.ask("{\"a\":1}");
      Said said = guest.rest();
      assertThat(guest.next()).as("after the last frame").isNull();
      return said;
    }
  }

  @Test
  void a_model_gets_the_request_as_a_line_and_an_end_and_its_words_come_back() throws Exception {
    Said said = askScript("echo \"got $line\"; cat; echo warned >&2");

    assertThat(said.out()).isEqualTo(READY + "got {\"a\":1}\n");
    assertThat(said.err()).isEqualTo("warned\n");
    assertThat(said.last()).isEqualTo(EXITED);
  }

  @Test
  void a_request_comes_only_after_the_model_said_that_it_is_ready() throws Exception {
    try (GuestProcess guest = GuestProcess.ofScript(GREET + "echo \"$line\"")) {
      assertThat(guest.await(Frame.OUT)).isEqualTo(READY);
      guest.send(Frame.TICK, new byte[40]);
      assertThat(guest.await(Frame.TICK)).isEmpty();
      guest.ask("late");
      assertThat(guest.rest().out()).isEqualTo("late\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"exit 7, 0, 7", "kill -9 $$, 1, 9", "kill -TERM $$, 1, 15", "kill -PIPE $$, 1, 13"})
  void a_models_end_is_told(String end, byte how, byte number) throws Exception {
    assertThat(askScript(end).last()).isEqualTo(new byte[] {how, number, 0});
  }

  @Test
  void a_model_that_does_not_want_its_request_is_heard_to_its_end(@TempDir Path folder)
      throws Exception {
    Path go = folder.resolve("go");
    String script = "exec <&-; echo deaf; until [ -e " + go + " ]; do :; done; exit 3";
    try (GuestProcess guest = GuestProcess.ofScript(script)) {
      assertThat(guest.await(Frame.OUT)).isEqualTo("deaf\n");
      guest.ask("x".repeat(1 << 20));
      guest.send(Frame.TICK, new byte[40]);
      assertThat(guest.await(Frame.TICK)).isEmpty();
      Files.createFile(go);
      assertThat(guest.rest().last()).isEqualTo(new byte[] {0, 3, 0});
    }
  }

  @Test
  void a_model_may_have_as_many_processes_as_the_host_says() throws Exception {
    try (GuestProcess guest = GuestProcess.start()) {
      guest.configure(
          "protocol=json-lines",
          "arg=/bin/sh",
          "arg=-c",
          "arg=" + GREET + "grep 'Max processes' /proc/self/limits",
          "env=PATH=/usr/bin:/bin",
          "processes=77");
      guest.await(Frame.OUT);
      guest.ask("{}");

      assertThat(guest.rest().out()).containsPattern(" 77 +77 ");
    }
  }

  @Test
  void a_model_has_nothing_to_climb_with() throws Exception {
    Said said =
        askScript(
            "grep -E '^(Cap|NoNew|Groups|SigBlk|SigIgn)' /proc/self/status | tr -d '\\t '; ulimit -n;"
                + " ulimit -c; ls /proc/$$/fd; env | sort; pwd;"
                + " cut -d' ' -f6 /proc/$$/stat | grep -qx $$ && echo leads");

    assertThat(said.out())
        .startsWith(READY)
        .containsPattern("CapInh:0+\nCapPrm:0+\nCapEff:0+\nCapBnd:[0-9a-f]+\nCapAmb:0+\n")
        .containsPattern("SigBlk:0+\nSigIgn:0+\n")
        .contains(
            "Groups:\n", "NoNewPrivs:1\n256\n0\n0\n1\n2\nPATH=/usr/bin:/bin\nPWD=/\n/\nleads\n");
    if ("root".equals(System.getProperty("user.name"))) {
      assertThat(said.out()).containsPattern("CapBnd:0+\n");
    }
  }

  @Test
  void the_guest_is_closed_to_a_model_of_the_same_user() throws Exception {
    String[] before = {};
    if ("root".equals(System.getProperty("user.name"))) {
      before = new String[] {GuestProcess.PROGRAM.toString(), "enter", "--user", "4242", "--"};
    }
    try (GuestProcess guest = GuestProcess.start(before)) {
      guest.configure(
          "protocol=json-lines",
          "arg=/bin/sh",
          "arg=-c",
          "arg=for what in environ mem fd/0 maps; do cat /proc/$PPID/$what && echo read; done",
          "env=PATH=/usr/bin:/bin");
      Said said = guest.rest();
      assertThat(said.out()).isEmpty();
      assertThat(said.err()).contains("environ: Permission denied", "fd/0: Permission denied");
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void what_a_model_leaves_behind_is_killed_before_its_end_is_told(boolean first) throws Exception {
    String[] before = {};
    if (first) {
      GuestProcess.needRoot();
      before = new String[] {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};
    }
    String mark = "86" + ProcessHandle.current().pid();
    try (GuestProcess guest = GuestProcess.start(before)) {
      guest.configure(
          "protocol=json-lines",
          "arg=/bin/sh",
          "arg=-c",
          "arg=" + GREET + "(setsid sleep " + mark + " &); (yes &); exit 5",
          "env=PATH=/usr/bin:/bin");
      guest.ask("go");
      assertThat(guest.await(Frame.EXIT)).isEqualTo("\0\5\0");
      assertThat(running("sleep " + mark)).isZero();
      assertThat(guest.endsSoon()).isTrue();
    }
  }

  private static long running(String command) throws Exception {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes.filter(process -> runs(process, command)).count();
    }
  }

  private static boolean runs(Path process, String command) {
    try {
      return Files.readString(process.resolve("cmdline"))
          .replace('\0', ' ')
          .strip()
          .equals(command);
    } catch (java.io.IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void a_host_that_goes_takes_all_with_it(boolean writing) throws Exception {
    String mark = "87" + ProcessHandle.current().pid();
    String busy = writing ? "yes" : "sleep " + mark;
    try (GuestProcess guest =
        GuestProcess.ofScript("(setsid sleep " + mark + " &); " + GREET + busy)) {
      assertThat(guest.next()).isNotNull();
      guest.ask("go");
      guest.hangUp();
      assertThat(guest.endsSoon()).isTrue();
      assertThat(running("sleep " + mark)).isZero();
    }
  }

  @Test
  void a_gigabyte_for_a_slow_host_stays_in_the_model() throws Exception {
    long gigabyte = 1L << 30;
    try (GuestProcess guest = GuestProcess.ofScript("exec head -c " + gigabyte + " /dev/zero")) {
      long got = 0;
      long most = 0;
      Frame last = null;
      for (Frame frame; (frame = guest.next()) != null; last = frame) {
        if (frame.type() == Frame.OUT) {
          got += frame.payload().length;
        }
        if (got > gigabyte / 2 && most == 0) {
          most = mostMemory(guest.pid());
        }
      }
      assertThat(got).isEqualTo(gigabyte);
      assertThat(most).isBetween(1L, 4096L);
      assertThat(last).isNotNull().extracting(Frame::payload).isEqualTo(EXITED);
    }
  }

  /** In KiB, the most the process ever had. */
  private static long mostMemory(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
