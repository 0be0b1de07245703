package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that somebody made to do harm: each guard by itself. */
class HostileImagesTest {
  private static final byte[] SOUND = new Tar().file("model", "#!", 0755).bytes();
  private static final byte[] CONFIG =
      ("{\"architecture\":\"" + Platform.architecture() + "\",\"os\":\"linux\",\"config\":CONFIG}")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    store = new Store(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../escaped", "a/../../escaped", "/escaped", "a/..", ".."})
  void an_entry_whose_name_leads_out_is_refused(String name) throws IOException {
    assertRefused("name", new Tar().file(name, "x").bytes());
    assertThat(folder.resolve("escaped")).doesNotExist();
  }

  @Test
  void an_entry_through_a_link_that_leads_out_stays_inside() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path root =
        store.unpacked(
            new Tar().symlink("absolute", outside.toString()).symlink("up", "../../..").bytes(),
            new Tar().file("absolute/x", "x").file("up/outside/y", "y").bytes());
    assertThat(outside).isEmptyDirectory();
    assertThat(root.resolve("outside/y")).hasContent("y");
    assertThat(root.resolve(outside.toString().substring(1)).resolve("x")).hasContent("x");
  }

  @Test
  void a_file_is_never_written_through_a_link_of_its_own_name() throws Exception {
    Path outside = Files.writeString(folder.resolve("outside"), "before");
    Path root =
        store.unpacked(new Tar().symlink("x", outside.toString()).file("x", "after").bytes());
    assertThat(outside).hasContent("before");
    assertThat(root.resolve("x")).hasContent("after");
  }

  @Test
  void a_whiteout_reaches_nothing_outside() throws Exception {
    for (String name : List.of(".wh...", ".wh..", ".wh.")) {
      assertRefused("whiteout", SOUND, new Tar().file(name, "").bytes());
    }
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("x"), "x");
    store.unpacked(
        new Tar().symlink("out", outside.toString()).bytes(),
        new Tar().file("out/.wh.x", "").file("out/.wh..wh..opq", "").bytes());
    assertThat(outside.resolve("x")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../../../etc/passwd", "out/passwd", "nothing", "folder"})
  void a_hard_link_to_what_is_no_file_of_the_image_is_refused(String target) throws IOException {
    byte[] layer = new Tar().folder("folder").symlink("out", "/etc").hardLink("x", target).bytes();
    SandboxException refusal = store.refusal(layer);
    assertThat(refusal.kind()).isEqualTo(Kind.IMAGE_REFUSED);
    assertThat(refusal).hasMessageNotContaining("cannot be read");
  }

  @Test
  void links_in_circles_are_refused() throws IOException {
    assertRefused(
        "no folder", new Tar().symlink("a", "b").symlink("b", "a").file("a/x", "x").bytes());
  }

  @Test
  void folders_nested_deeply_by_names_or_by_links_are_refused() throws IOException {
    assertRefused("nested", new Tar().file("a/".repeat(64) + "x", "x").bytes());
    Tar links = new Tar().symlink("a", "d/".repeat(40));
    assertRefused("nested", links.file("a/" + "e/".repeat(30) + "x", "x").bytes());
  }

  @Test
  void names_that_are_too_long_are_refused() throws IOException {
    assertRefused("255 bytes", new Tar().file("x".repeat(256), "x").bytes());
    assertRefused(
        "1024 bytes", new Tar().file(("x".repeat(99) + "/").repeat(11) + "x", "x").bytes());
    assertRefused("longer than 1024", new Tar().symlink("x", "y".repeat(1025)).bytes());
  }

  @Test
  void a_header_that_takes_too_much_memory_is_refused() throws IOException {
    byte[] name = new byte[300 << 10];
    Arrays.fill(name, (byte) 'a');
    assertRefused(
        "header is longer",
        Tar.gzip(
            new Tar()
                .entry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, name, e -> {})
                .file("x", "x")
                .bytes()));
  }

  @Test
  void more_bytes_than_allowed_are_refused_also_when_they_are_well_compressed() throws IOException {
    byte[] zeros = new byte[(int) Store.MOST_IMAGE_BYTES + 1];
    byte[] bomb = Tar.gzip(new Tar().file("zeros", zeros, 0644).bytes());
    assertThat(bomb.length).isLessThan(64 << 10);
    assertRefused("when it is unpacked", bomb);
    byte[] half = new byte[(int) Store.MOST_IMAGE_BYTES / 2];
    byte[] first = Tar.gzip(new Tar().file("first", half, 0644).bytes());
    byte[] second = Tar.gzip(new Tar().file("second", half, 0644).bytes());
    assertRefused("when it is unpacked", first, second);
    byte[] dropped = Tar.gzip(new Tar().entry("x", TarConstants.LF_FIFO, zeros, e -> {}).bytes());
    assertRefused("when it is unpacked", dropped);
    byte[] trailing = Arrays.copyOf(SOUND, zeros.length);
    assertRefused("when it is unpacked", Tar.gzip(trailing));
  }

  @Test
  void layers_that_are_too_big_as_they_are_stored_are_not_read() throws IOException {
    Layout layout = new Layout();
    Descriptor big =
        new Descriptor(Layout.LAYER, "sha256:" + "0".repeat(64), 1L << 60, null, null, null);
    String digest = layout.manifest(config("{\"Cmd\":[\"/model\"]}"), List.of(big));
    layout.point(digest, Layout.MANIFEST, "latest");
    assertThat(store.refusal(layout)).hasMessageContaining("layers of more than");
  }

  @Test
  void more_files_than_allowed_are_refused() throws IOException {
    Meter meter = new Meter(0);
    Path root = folder.resolve("root");
    Tree tree = new Tree(root, meter);
    for (int i = 2; i < Meter.MOST_FILES; i++) {
      meter.file();
    }
    tree.folder(root.resolve("last"));
    assertThat(catchThrowable(() -> tree.folder(root.resolve("one_more"))))
        .hasMessageContaining("more than 200000 files");
  }

  @Test
  void every_entry_counts_as_a_file_also_one_that_makes_none() throws IOException {
    Tar tar = Tar.compressed();
    for (int i = 0; i <= Meter.MOST_FILES; i++) {
      tar.special("x", TarConstants.LF_FIFO);
    }
    ImageStore roomy =
        new ImageStore(
            new ImageStore.Settings(store.cache, store.home, 0, Long.MAX_VALUE, Set.of()));
    Layout.of(tar.bytes()).write(store.home.resolve("many"));
    assertThat(catchThrowable(() -> roomy.open("oci:many")))
        .hasMessageContaining("more than 200000 files");
  }

  @Test
  void entries_that_nobody_knows_how_to_read_are_refused() throws IOException {
    assertRefused("unknown kind", new Tar().special("x", (byte) 'V').bytes());
    assertRefused("sparse", new Tar().special("x", TarConstants.LF_GNUTYPE_SPARSE).bytes());
  }

  @Test
  void compression_by_zstd_is_refused_with_what_to_do() throws IOException {
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};
    assertRefused("--dest-compress-format gzip", zstd);
  }

  @Test
  void layers_of_other_kinds_are_refused() throws IOException {
    Layout layout = new Layout();
    layout.blob(SOUND);
    Descriptor encrypted = Descriptor.of(Layout.LAYER + "+encrypted", SOUND);
    String digest = layout.manifest(config("{\"Cmd\":[\"/model\"]}"), List.of(encrypted));
    assertThat(store.refusal(layout.point(digest, Layout.MANIFEST, "latest")))
        .hasMessageContaining("+encrypted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"Cmd\":[\"\"]}",
        "{\"Cmd\":[1]}",
        "{\"Cmd\":\"/model\"}",
        "{\"Cmd\":[\"/model\\u0000\"]}",
        "{\"Cmd\":[\"/model\"],\"Env\":[\"=x\"]}",
        "{\"Cmd\":[\"/model\"],\"WorkingDir\":\"here\"}",
        "{\"Cmd\":[\"/model\"],\"WorkingDir\":7}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]",
        "{\"Cmd\":[\"/model\"],\"Cmd\":[\"/other\"]}"
      })
  void a_configuration_that_starts_nothing_sound_is_refused(String config) throws IOException {
    Layout layout = new Layout();
    layout.blob(SOUND);
    String digest = layout.manifest(config(config), List.of(Descriptor.of(Layout.LAYER, SOUND)));
    assertThat(store.refusal(layout.point(digest, Layout.MANIFEST, "latest")).kind())
        .isEqualTo(Kind.IMAGE_REFUSED);
  }

  @Test
  void a_document_that_is_index_and_manifest_at_once_is_refused() throws IOException {
    Layout layout = new Layout();
    String both = layout.blob("{\"manifests\":[],\"layers\":[]}".getBytes(StandardCharsets.UTF_8));
    assertThat(store.refusal(layout.point(both, Layout.MANIFEST, "latest")))
        .hasMessageContaining("neither an index nor a manifest");
  }

  @Test
  void damaged_layers_are_refused_whatever_the_damage() throws IOException {
    Random random = new Random(7);
    byte[] sound =
        new Tar().file("x".repeat(120), "x").symlink("a", "b").folder("c").file("d", "d").bytes();
    for (int i = 0; i < 150; i++) {
      byte[] damaged = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      Layout layout = Layout.of(damaged).write(store.home.resolve("damaged" + i));
      try {
        store.fresh().open("oci:damaged" + i + "@" + layout.digest());
      } catch (SandboxException e) {
        assertThat(e.kind()).isEqualTo(Kind.IMAGE_REFUSED);
      }
    }
  }

  private static byte[] config(String start) {
    return new String(CONFIG, StandardCharsets.UTF_8)
        .replace("CONFIG", start)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void assertRefused(String why, byte[]... layers) throws IOException {
    SandboxException refusal = store.refusal(layers);
    assertThat(refusal.kind()).isEqualTo(Kind.IMAGE_REFUSED);
    assertThat(refusal).hasMessageContaining(why);
  }
}
