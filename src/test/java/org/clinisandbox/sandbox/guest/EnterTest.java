package org.clinisandbox.sandbox.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.sandbox.contract.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class EnterTest {
  private record Ended(int status, String text) {}

  private static Ended enter(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(GuestProcess.PROGRAM.toString(), "enter"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), text);
  }

  @Test
  void the_program_takes_its_place_and_gives_its_own_status() throws Exception {
    Process process =
        new ProcessBuilder(
                GuestProcess.PROGRAM.toString(), "enter", "--", "sh", "-c", "echo $$; exit 9")
            .start();
    String pid = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(pid.strip()).isEqualTo(Long.toString(process.pid()));
    assertThat(process.waitFor()).isEqualTo(9);
  }

  @Test
  void what_it_starts_goes_first_when_the_host_has_no_memory() throws Exception {
    assertThat(enter("--", "cat", "/proc/self/oom_score_adj").text().strip()).isEqualTo("1000");
  }

  @Test
  void limits_are_soft_and_hard() throws Exception {
    Ended ended =
        enter(
            "--limit",
            "nofile=77",
            "--limit",
            "core=0",
            "--limit",
            "fsize=1048576",
            "--",
            "sh",
            "-c",
            "ulimit -Sn; ulimit -Hn; ulimit -Sc; grep 'file size' /proc/self/limits");

    assertThat(ended.text()).startsWith("77\n77\n0\n").containsPattern("1048576 +1048576");
  }

  @Test
  void files_stay_open_and_nothing_else(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "said");
    String leak = "exec 8</dev/null; exec \"$0\" enter --open 9=" + file + " -- sh -c \"$1\"";
    Process process =
        new ProcessBuilder(
                "sh", "-c", leak, GuestProcess.PROGRAM.toString(), "cat <&9; ls /proc/$$/fd")
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("said0\n1\n2\n9\n");
  }

  @Test
  void a_user_is_taken_for_good() throws Exception {
    GuestProcess.needRoot();
    Ended ended =
        enter(
            "--user", "4242", "--", "grep", "-E", "^(Uid|Gid|Groups|CapPrm)", "/proc/self/status");

    assertThat(ended.text().replaceAll("[\t ]+", " "))
        .contains("Uid: 4242 4242 4242 4242\n", "Gid: 4242 4242 4242 4242\n", "Groups: \n")
        .contains("CapPrm: 0000000000000000\n");
  }

  @Test
  void a_folder_is_bound_read_only_and_for_nobody_else(@TempDir Path folder) throws Exception {
    GuestProcess.needRoot();
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.writeString(source.resolve("file"), "said");
    Path target = Files.createDirectories(folder.resolve("target"));
    Ended ended =
        enter(
            "--bind",
            source.toString(),
            target.toString(),
            "--",
            "sh",
            "-c",
            "cat " + target + "/file; touch " + target + "/more || echo refused");

    assertThat(ended.text()).startsWith("said").endsWith("refused\n");
    assertThat(target).isEmptyDirectory();
    assertThat(source.resolve("more")).doesNotExist();
  }

  @Test
  void a_control_group_is_joined() throws Exception {
    GuestProcess.needRoot();
    Path parent = Path.of("/sys/fs/cgroup/pids");
    if (!Files.isDirectory(parent)) {
      parent = Path.of("/sys/fs/cgroup");
    }
    Requires.that(Files.isWritable(parent), "this test wants control groups it can write");
    Path group = Files.createDirectory(parent.resolve("enter-" + ProcessHandle.current().pid()));
    try {
      Ended ended = enter("--cgroup", group.toString(), "--", "cat", "/proc/self/cgroup");
      assertThat(ended.text()).contains("/" + group.getFileName() + "\n");
    } finally {
      Files.delete(group);
    }
  }

  @Test
  void it_dies_with_its_parent() throws Exception {
    Process parent =
        new ProcessBuilder(
                "sh",
                "-c",
                "\"$0\" enter -- sleep 600 & echo $!; wait",
                GuestProcess.PROGRAM.toString())
            .start();
    long child = Long.parseLong(parent.inputReader().readLine());
    ProcessHandle handle = ProcessHandle.of(child).orElseThrow();
    while (!Files.readString(Path.of("/proc/" + child + "/comm")).equals("sleep\n")) {
      Thread.onSpinWait();
    }
    parent.destroyForcibly().waitFor();

    handle.onExit().get(20, TimeUnit.SECONDS);
    assertThat(handle.isAlive()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "--colour red -- true, enter does not know --colour.",
    "--user 0 -- true, '--user wants a number from 1, not 0.'",
    "--user x -- true, '--user wants a number from 1, not x.'",
    "--open 2=/etc/passwd -- true, '--open wants FD=FILE with a descriptor from 3 to 1023, not 2=/etc/passwd.'",
    "--open 7=/nowhere -- true, /nowhere can't be opened as descriptor 7: No such file or directory.",
    "--limit colour=1 -- true, '--limit wants NAME=VALUE with as, core, cpu, fsize, nofile, nproc or memlock, not colour=1.'",
    "--cgroup /nowhere -- true, The control group /nowhere can't be joined: No such file or directory.",
    "--bind /nowhere, --bind lacks a value.",
    "-- , enter wants: OPTIONS -- PROGRAM ARGUMENTS.",
    "-- /nowhere, /nowhere can't be started: No such file or directory.",
  })
  void what_fails_ends_it_with_125_and_a_sentence(String arguments, String sentence)
      throws Exception {
    Ended ended = enter(arguments.strip().split(" ", -1));

    assertThat(ended.status()).isEqualTo(125);
    assertThat(ended.text()).isEqualTo("clinisandbox-guest: " + sentence + "\n");
  }
}
