package org.clinisandbox.sandbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.clinisandbox.sandbox.host.ControlGroups.Controller;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {
  @TempDir Path folder;

  @BeforeEach
  void folders() throws IOException {
    for (String made : List.of("memory/own", "pids", "cpu", "two/unit/worker")) {
      Files.createDirectories(folder.resolve(made));
    }
  }

  @Test
  void in_version_1_each_controller_has_its_own_tree_below_this_process_own_group() {
    Optional<ControlGroups> found =
        ControlGroups.find(
            List.of("8:pids:/", "4:memory:/own", "1:cpu,cpuacct:/", "0::/"),
            List.of(
                mount("/", "memory", "cgroup", "rw,memory"),
                mount("/", "pids", "cgroup", "rw,pids"),
                mount("/", "cpu", "cgroup", "rw,cpu,cpuacct")));
    assertThat(found.orElseThrow().parents())
        .isEqualTo(
            Map.of(
                Controller.MEMORY, folder.resolve("memory/own"),
                Controller.PIDS, folder.resolve("pids"),
                Controller.CPU, folder.resolve("cpu")));
  }

  @Test
  void a_mount_that_shows_another_part_of_the_tree_is_used_as_it_is() {
    Optional<ControlGroups> found =
        ControlGroups.find(
            List.of("8:pids:/docker/x", "4:memory:/docker/x", "1:cpu:/docker/x"),
            List.of(
                mount("/docker/x", "memory", "cgroup", "rw,memory"),
                mount("/docker/x", "pids", "cgroup", "rw,pids"),
                mount("/docker/x", "cpu", "cgroup", "rw,cpu")));
    assertThat(found.orElseThrow().parents())
        .containsEntry(Controller.MEMORY, folder.resolve("memory"));
  }

  @Test
  void in_version_2_groups_are_made_beside_this_process_own_where_that_was_delegated()
      throws IOException {
    Path unit = folder.resolve("two/unit");
    Files.writeString(unit.resolve("cgroup.procs"), "");
    Files.writeString(unit.resolve("cgroup.subtree_control"), "cpu memory pids\n");
    assertThat(versionTwo().orElseThrow().parents().values()).containsOnly(unit);
  }

  @Test
  void in_version_2_a_folder_with_processes_or_without_the_controllers_is_not_used()
      throws IOException {
    Path unit = folder.resolve("two/unit");
    Files.writeString(unit.resolve("cgroup.subtree_control"), "cpu memory pids\n");
    Files.writeString(unit.resolve("cgroup.procs"), "1\n");
    assertThat(versionTwo()).isEmpty();
    Files.writeString(unit.resolve("cgroup.procs"), "");
    Files.writeString(unit.resolve("cgroup.subtree_control"), "cpu pids\n");
    assertThat(versionTwo()).isEmpty();
  }

  private Optional<ControlGroups> versionTwo() {
    return ControlGroups.find(
        List.of("0::/unit/worker"), List.of(mount("/", "two", "cgroup2", "rw")));
  }

  private String mount(String root, String point, String kind, String options) {
    return "34 24 0:29 %s %s rw,relatime shared:9 - %s %s %s"
        .formatted(root, folder.resolve(point), kind, kind, options);
  }
}
