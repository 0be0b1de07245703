package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.FileTree;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was changed after it was unpacked is never run. */
class VerificationTest {
  private static final byte[] LAYER =
      new Tar()
          .file("model", "#!program", 0755)
          .file("lib/data", "0123456789")
          .symlink("link", "lib/data")
          .bytes();

  @TempDir private Path folder;
  private Store store;
  private ImageStore images;
  private Path source;
  private String reference;

  @BeforeEach
  void open() throws Exception {
    store = new Store(folder);
    source = store.home.resolve("a");
    Layout layout = Layout.of(Tar.gzip(LAYER)).write(source);
    reference = "oci:a@" + layout.digest();
    images = store.fresh();
    images.open(reference);
  }

  private static void flip(Path file) throws IOException {
    ChangedBytes.flip(file, Files.size(file) / 2);
  }

  private void assertMismatch(ImageStore store) {
    assertThatThrownBy(() -> store.open(reference))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
  }

  private Path root() throws SandboxException {
    return images.open(reference).root();
  }

  @Test
  void a_flipped_byte_in_any_part_of_the_source_is_a_mismatch_though_the_image_is_unpacked()
      throws Exception {
    for (String digest : Layout.of(Tar.gzip(LAYER)).blobs.keySet()) {
      Path blob = Layout.file(source, digest);
      flip(blob);
      assertMismatch(images);
      assertMismatch(store.fresh());
      flip(blob);
      assertThat(root()).isDirectory();
    }
  }

  @Test
  void every_flipped_bit_of_a_compressed_layer_is_a_mismatch_not_a_damaged_archive()
      throws Exception {
    byte[] layer = Tar.gzip(LAYER);
    Path blob = Layout.file(source, Digest.of(layer));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] changed = layer.clone();
      changed[i < 20 ? i : random.nextInt(layer.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(blob, changed);
      Store empty = new Store(folder.resolve("empty"));
      ImageStore other =
          new ImageStore(
              new ImageStore.Settings(
                  empty.cache, store.home, 0, Store.MOST_IMAGE_BYTES, Set.of()));
      assertMismatch(other);
      assertThat(empty.kept()).isEmpty();
    }
  }

  @Test
  void a_flipped_byte_of_the_unpacked_image_is_a_mismatch_and_the_next_open_unpacks_anew()
      throws Exception {
    Path file = root().resolve("lib/data");
    flip(file);
    assertMismatch(images);
    assertThat(file).doesNotExist();
    assertThat(root().resolve("lib/data")).hasContent("0123456789");
    flip(file);
    assertMismatch(store.fresh());
  }

  @Test
  void a_file_that_comes_or_goes_or_changes_its_mode_or_target_is_a_mismatch() throws Exception {
    Files.writeString(root().resolve("lib/more"), "x");
    assertMismatch(images);
    Files.delete(root().resolve("model"));
    assertMismatch(images);
    Files.setPosixFilePermissions(
        root().resolve("lib/data"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertMismatch(images);
    Path link = root().resolve("link");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("model"));
    assertMismatch(images);
  }

  @Test
  void a_change_of_what_to_start_is_noticed_by_the_next_process() throws Exception {
    Path record = root().resolveSibling("record");
    Files.writeString(record, Files.readString(record).replace("--quiet", "--other"));
    assertMismatch(store.fresh());
    assertThat(store.fresh().open(reference).launch().arguments()).contains("--quiet");
  }

  @Test
  void a_seal_is_taken_when_a_further_write_would_have_a_later_time() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "before");
    Seal seal = Seal.of(file);
    Instant changed = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    assertThat(Instant.now()).isAfterOrEqualTo(changed.plusMillis(20));
    assertThat(seal.holds()).isTrue();
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "after!");
    Files.setLastModifiedTime(file, time);
    assertThat(seal.holds()).isFalse();
  }

  @Test
  void the_same_content_written_again_is_the_same_image() throws Exception {
    Path file = root().resolve("lib/data");
    Files.writeString(file, "0123456789");
    assertThat(root().resolve("lib/data")).isEqualTo(file).hasContent("0123456789");
    Path blob = Layout.file(source, Layout.of(Tar.gzip(LAYER)).digest());
    Files.write(blob, Files.readAllBytes(blob));
    assertThat(root()).isDirectory();
  }

  @Test
  void a_copy_that_another_process_removed_is_unpacked_again() throws Exception {
    Path root = root();
    FileTree.delete(Objects.requireNonNull(root.getParent()));
    assertThat(root().resolve("model")).hasContent("#!program");
  }

  @Test
  void a_disk_is_made_once_and_verified_at_every_use() throws Exception {
    Needs.programs("mkfs.ext4", "debugfs");
    Image image = images.open(reference);
    Path disk = images.disk(image.digest());
    assertThat(Needs.run("debugfs", "-R", "cat /lib/data", disk.toString()))
        .isEqualTo("0123456789");
    assertThat(Needs.run("debugfs", "-R", "features", disk.toString()))
        .doesNotContain("has_journal");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(disk)))
        .isEqualTo("r--r--r--");
    Object made = Files.getAttribute(disk, "unix:ino");
    assertThat(images.disk(image.digest())).isEqualTo(disk);
    assertThat(store.fresh().disk(image.digest())).isEqualTo(disk);
    assertThat(Files.getAttribute(disk, "unix:ino")).isEqualTo(made);

    flip(disk);
    for (ImageStore each : new ImageStore[] {images, store.fresh()}) {
      assertThatThrownBy(() -> each.disk(image.digest()))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
      assertThat(disk).doesNotExist();
      flip(each.disk(image.digest()));
    }
  }

  @Test
  void an_archive_is_read_again_when_it_was_changed() throws Exception {
    Layout layout = Layout.of(LAYER);
    Path archive = Files.write(store.home.resolve("a.tar"), layout.archive());
    String named = "oci:a.tar@" + layout.digest();
    images.open(named);
    byte[] bytes = Files.readAllBytes(archive);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("#!program");
    bytes[at] ^= 1;
    Files.write(archive, bytes);
    assertThatThrownBy(() -> images.open(named))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
  }
}
