package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers laid over each other. */
class UnpackingTest {
  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    store = new Store(folder);
  }

  @Test
  void a_whiteout_hides_what_lower_layers_brought_and_nothing_of_its_own_layer() throws Exception {
    byte[] lower =
        new Tar()
            .file("a/old", "1")
            .file("a/kept", "1")
            .file("b/deep/x", "1")
            .file("c/x", "1")
            .bytes();
    byte[] upper =
        new Tar()
            .file("c/y", "2")
            .file("a/.wh.old", "")
            .file("b/.wh.deep", "")
            .file("b/deep/y", "2")
            .file("c/.wh..wh..opq", "")
            .file("gone/.wh.x", "")
            .bytes();
    assertThat(files(store.unpacked(lower, upper))).containsExactly("a/kept", "b/deep/y", "c/y");
  }

  @Test
  void a_later_layer_replaces_files_folders_and_links() throws Exception {
    byte[] lower =
        new Tar().file("file", "1").file("folder/x", "1").symlink("link", "file").bytes();
    byte[] upper = new Tar().file("file/x", "2").bytes();
    byte[] uppermost = new Tar().file("folder", "3").file("link", "3").bytes();
    assertThat(store.refusal(lower, upper)).hasMessageContaining("below file, which is no folder");
    byte[] folder = new Tar().folder("file").file("file/x", "2").bytes();
    Path root = store.unpacked(lower, folder, uppermost);
    assertThat(root.resolve("file/x")).hasContent("2");
    assertThat(root.resolve("folder")).hasContent("3");
    assertThat(root.resolve("link")).hasContent("3").isRegularFile();
  }

  @Test
  void links_of_earlier_layers_are_followed_inside_the_image() throws Exception {
    byte[] lower =
        new Tar()
            .folder("usr")
            .folder("usr/lib")
            .symlink("lib", "usr/lib")
            .symlink("rooted", "/usr/lib/../lib")
            .symlink("up", "../../../../usr")
            .bytes();
    byte[] upper = new Tar().file("lib/a", "a").file("rooted/b", "b").file("up/lib/c", "c").bytes();
    Path root = store.unpacked(lower, upper);
    assertThat(files(root.resolve("usr/lib"))).containsExactly("a", "b", "c");
    assertThat(root.resolve("lib")).isSymbolicLink();
  }

  @Test
  void hard_links_are_files_of_the_image_and_links_keep_their_text() throws Exception {
    Path root =
        store.unpacked(
            new Tar()
                .file("bin/a", "a", 0755)
                .hardLink("bin/b", "bin/a")
                .symlink("out", "/etc/passwd")
                .hardLink("again", "out")
                .bytes());
    assertThat(root.resolve("bin/b")).hasContent("a").isExecutable();
    assertThat(Files.readSymbolicLink(root.resolve("out"))).hasToString("/etc/passwd");
    assertThat(Files.readSymbolicLink(root.resolve("again"))).hasToString("/etc/passwd");
  }

  @Test
  void modes_become_readable_by_all_and_writable_by_the_owner_alone() throws Exception {
    Path root =
        store.unpacked(
            new Tar()
                .file("secret", "s", 0600)
                .file("setuid", "s", 06777)
                .entry("folder/", TarConstants.LF_DIR, new byte[0], e -> e.setMode(01000))
                .bytes());
    assertThat(mode(root)).isEqualTo("rwxr-xr-x");
    assertThat(mode(root.resolve("secret"))).isEqualTo("rw-r--r--");
    assertThat(Files.getAttribute(root.resolve("setuid"), "unix:mode")).isEqualTo(0100755);
    assertThat(Files.getAttribute(root.resolve("folder"), "unix:mode")).isEqualTo(040755);
    assertThat(mode(store.cache)).isEqualTo("rwx--x--x");
    assertThat(mode(root.resolve(".."))).isEqualTo("rwxr-xr-x");
  }

  @Test
  void a_process_that_keeps_its_files_to_itself_unpacks_for_all_nevertheless() throws Exception {
    byte[] layer = new Tar().file("a/data", "d").file("a/program", "#!", 0755).folder("b").bytes();
    String digest = Layout.of(layer).write(store.home.resolve("image")).digest();
    Path root =
        Path.of(
            Needs.run(
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Opening.class.getName(),
                store.cache.toString(),
                store.home.toString(),
                "oci:image@" + digest));
    assertThat(mode(root.resolve(".."))).isEqualTo("rwxr-xr-x");
    assertThat(mode(root)).isEqualTo("rwxr-xr-x");
    assertThat(mode(root.resolve("a"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(root.resolve("b"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(root.resolve("a/data"))).isEqualTo("rw-r--r--");
    assertThat(mode(root.resolve("a/program"))).isEqualTo("rwxr-xr-x");
  }

  /** Opens an image in a process of its own, and prints where its root is. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] arguments) throws Exception {
      ImageStore.Settings settings =
          new ImageStore.Settings(
              Path.of(arguments[0]), Path.of(arguments[1]), 0, Store.MOST_IMAGE_BYTES, Set.of());
      System.out.print(new ImageStore(settings).open(arguments[2]).root());
    }
  }

  @Test
  void devices_and_pipes_are_dropped_with_what_they_replace() throws Exception {
    byte[] lower = new Tar().file("null", "1").bytes();
    byte[] upper =
        new Tar()
            .special("null", TarConstants.LF_CHR)
            .special("disk", TarConstants.LF_BLK)
            .special("pipe", TarConstants.LF_FIFO)
            .file("x", "x")
            .bytes();
    assertThat(files(store.unpacked(lower, upper))).containsExactly("x");
  }

  @Test
  void what_a_sandbox_mounts_on_is_there_and_an_images_own_is_kept() throws Exception {
    Path root = store.unpacked(new Tar().file("proc/own", "p").symlink("tmp", "var/tmp").bytes());
    assertThat(root.resolve(".clinisandbox")).isEmptyDirectory();
    assertThat(root.resolve("dev")).isEmptyDirectory();
    assertThat(root.resolve("sys")).isEmptyDirectory();
    assertThat(root.resolve("proc/own")).hasContent("p");
    assertThat(Files.readSymbolicLink(root.resolve("tmp"))).hasToString("var/tmp");
  }

  @Test
  void a_gzip_file_of_several_members_is_read_to_its_end() throws Exception {
    byte[] tar = new Tar().file("a", "a").file("b", "b").bytes();
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.writeBytes(Tar.gzip(Arrays.copyOf(tar, 1024)));
    members.writeBytes(Tar.gzip(Arrays.copyOfRange(tar, 1024, tar.length)));
    assertThat(files(store.unpacked(members.toByteArray()))).containsExactly("a", "b");
  }

  @Test
  void long_names_and_times_are_kept() throws Exception {
    String name = "x".repeat(150) + "/" + "y".repeat(150);
    Path root =
        store.unpacked(
            new Tar()
                .entry(name, TarConstants.LF_NORMAL, new byte[3], e -> e.setModTime(1_000_000_000L))
                .bytes());
    assertThat(root.resolve(name)).hasSize(3);
    assertThat(Files.getLastModifiedTime(root.resolve(name)).toMillis()).isEqualTo(1_000_000_000L);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** All that is no folder, by its path. */
  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> root.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
