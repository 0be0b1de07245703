package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where images come from, and what their digests name. */
class ImageSourcesTest {
  private static final byte[] LAYER = new Tar().file("model", "#!", 0755).bytes();
  private static final Launch LAUNCH =
      new Launch(List.of("/model", "--quiet"), List.of("PATH=/bin"), "/data");
  private static final String OTHER = "sha256:" + "0".repeat(64);

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    store = new Store(folder);
  }

  @Test
  void a_layout_is_opened_by_its_manifests_digest_or_without_one() throws Exception {
    Layout layout = Layout.of(Tar.gzip(LAYER)).write(store.home.resolve("models/a"));
    Image image = store.fresh().open("oci:models/a");
    assertThat(image.digest()).isEqualTo(layout.digest());
    assertThat(image.launch()).isEqualTo(LAUNCH);
    assertThat(image.root().resolve("model")).hasContent("#!").isExecutable();
    assertThat(store.fresh().open("oci:models/a@" + layout.digest())).isEqualTo(image);
    assertThat(store.fresh().open("oci:models/a:latest")).isEqualTo(image);
  }

  @Test
  void an_archived_layout_is_the_same_image() throws Exception {
    Layout layout = Layout.of(LAYER);
    Files.write(store.home.resolve("a.tar"), layout.archive());
    Image image = store.fresh().open("oci:a.tar:latest@" + layout.digest());
    assertThat(image.launch()).isEqualTo(LAUNCH);
    assertThat(image.root().resolve("model")).hasContent("#!");
  }

  @Test
  void a_digest_that_the_image_does_not_have_is_a_mismatch() throws IOException {
    Layout.of(LAYER).write(store.home.resolve("a"));
    assertThat(store.refusal("oci:a@" + OTHER).kind()).isEqualTo(Kind.DIGEST_MISMATCH);
    assertThat(store.refusal("oci:a@sha256:12"))
        .hasMessage(
            "The image oci:a@sha256:12 has a digest that is not sha256: and 64 lower-case hex"
                + " digits.");
  }

  @Test
  void of_several_images_the_tag_or_the_digest_names_one() throws Exception {
    Layout layout = Layout.of(LAYER);
    String second = layout.image(Platform.architecture(), LAYER, LAYER);
    layout.point(second, Layout.MANIFEST, "v2").write(store.home.resolve("a"));
    assertThat(store.refusal("oci:a")).hasMessageContaining("name one by its tag");
    assertThat(store.refusal("oci:a:v3")).hasMessageContaining("no image with the tag v3");
    assertThat(store.refusal("oci:a:latest@" + second).kind()).isEqualTo(Kind.DIGEST_MISMATCH);
    assertThat(store.fresh().open("oci:a:v2").digest()).isEqualTo(second);
    assertThat(store.fresh().open("oci:a@" + second).digest()).isEqualTo(second);
  }

  @Test
  void an_index_stands_for_its_image_for_this_host() throws Exception {
    Layout layout = new Layout();
    String ours = layout.image(Platform.architecture(), LAYER);
    String theirs = layout.image("s390x", LAYER);
    String index = layout.index(Map.of("s390x", theirs, Platform.architecture(), ours));
    layout.point(index, Layout.INDEX, "latest").write(store.home.resolve("a"));
    assertThat(store.fresh().open("oci:a").digest()).isEqualTo(ours);
    assertThat(store.fresh().open("oci:a@" + ours).digest()).isEqualTo(ours);
    assertThat(store.fresh().open("oci:a@" + index).digest()).isEqualTo(index);
    assertThatThrownBy(() -> store.fresh().open("oci:a@" + theirs))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
  }

  @Test
  void an_image_for_another_kind_of_host_is_refused() throws IOException {
    Layout layout = new Layout();
    layout.point(layout.image("s390x", LAYER), Layout.MANIFEST, "latest");
    assertThat(store.refusal(layout)).hasMessageContaining("is not made for linux/");
  }

  @Test
  void what_docker_saves_is_pinned_by_its_configuration() throws Exception {
    byte[] second = new Tar().file("etc/two", "2").bytes();
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Entrypoint":["/model"],"Cmd":null},
         "rootfs":{"type":"layers","diff_ids":["%s","%s"]}}"""
            .formatted(Platform.architecture(), Digest.of(LAYER), Digest.of(second))
            .getBytes(StandardCharsets.UTF_8);
    Tar saved =
        new Tar()
            .file("c.json", config, 0644)
            .symlink("old/layer.tar", "../x/layer.tar")
            .file("x/layer.tar", LAYER, 0644)
            .file("two.tar", Tar.gzip(second), 0644)
            .file(
                "manifest.json",
                """
                [{"Config":"c.json","RepoTags":["a/b:1"],"Layers":["old/layer.tar","two.tar"]}]""");
    Files.write(store.home.resolve("saved.tar"), saved.bytes());
    Image image = store.fresh().open("oci:saved.tar:1");
    assertThat(image.digest()).isEqualTo(Digest.of(config));
    assertThat(image.launch()).isEqualTo(new Launch(List.of("/model"), List.of(), "/"));
    assertThat(image.root().resolve("model")).hasContent("#!");
    assertThat(image.root().resolve("etc/two")).hasContent("2");
    assertThat(store.fresh().open("oci:saved.tar@" + image.digest())).isEqualTo(image);
    assertThatThrownBy(() -> store.fresh().open("oci:saved.tar@" + OTHER))
        .hasMessageContaining("has the digest " + image.digest());
  }

  @Test
  void a_saved_layer_that_is_not_the_configurations_is_a_mismatch() throws Exception {
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Cmd":["/model"]},
         "rootfs":{"diff_ids":["%s"]}}"""
            .formatted(Platform.architecture(), OTHER)
            .getBytes(StandardCharsets.UTF_8);
    Files.write(
        store.home.resolve("saved.tar"),
        new Tar()
            .file("c.json", config, 0644)
            .file("l.tar", LAYER, 0644)
            .file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"l.tar\"]}]")
            .bytes());
    assertThat(store.refusal("oci:saved.tar").kind()).isEqualTo(Kind.DIGEST_MISMATCH);
  }

  @Test
  void a_plain_folder_is_the_image_that_would_be_built_of_it() throws Exception {
    Path plain = Files.createDirectories(store.home.resolve("plain"));
    Files.createDirectories(plain.resolve("root/lib"));
    Files.writeString(plain.resolve("root/lib/a.py"), "print()");
    Files.writeString(plain.resolve("image.yaml"), "arguments: [/bin/python, /lib/a.py]\n");
    Image image = store.fresh().open("oci:plain");
    assertThat(image.launch().arguments()).containsExactly("/bin/python", "/lib/a.py");
    assertThat(image.root().resolve("lib/a.py")).hasContent("print()");
    assertThat(ImageBuilder.build(plain, store.home.resolve("built.tar")))
        .isEqualTo(image.digest());
    assertThat(store.fresh().open("oci:built.tar@" + image.digest())).isEqualTo(image);

    Files.writeString(plain.resolve("image.yaml"), "arguments: [/bin/python, /lib/b.py]\n");
    assertThatThrownBy(() -> store.fresh().open("oci:plain@" + image.digest()))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
  }

  @Test
  void a_folder_without_a_description_starts_its_model() throws Exception {
    Path plain = Files.createDirectories(store.home.resolve("plain"));
    assertThat(store.refusal("oci:plain")).hasMessageContaining("nor a program /model");
    Files.writeString(plain.resolve("model"), "#!");
    assertThat(store.fresh().open("oci:plain").launch().arguments()).containsExactly("/model");
  }

  @Test
  void a_path_that_leaves_the_home_folder_is_refused() throws IOException {
    Layout.of(LAYER).write(folder.resolve("outside"));
    Files.createSymbolicLink(store.home.resolve("link"), folder.resolve("outside"));
    for (String path : List.of("../outside", folder.resolve("outside").toString(), "link", ".")) {
      assertThat(store.refusal("oci:" + path)).hasMessageContaining("outside the home folder");
    }
    assertThat(store.refusal("oci:nowhere")).hasMessageContaining("is not there");
  }

  @Test
  void a_part_of_a_layout_that_leads_out_of_it_is_refused() throws IOException {
    Layout layout = Layout.of(LAYER).write(store.home.resolve("a"));
    Path blob = Layout.file(store.home.resolve("a"), layout.digest());
    Path moved = Files.move(blob, folder.resolve("moved"));
    Files.createSymbolicLink(blob, moved);
    assertThat(store.refusal("oci:a")).hasMessageContaining("no file of its folder");
  }

  @Test
  void a_registry_that_is_not_listed_is_not_asked() throws IOException {
    assertThat(store.refusal("oci:example.org/team/model:1"))
        .hasMessageContaining("list example.org in CLINISANDBOX_REGISTRIES");
  }

  @Test
  void a_folder_that_looks_like_a_host_is_a_folder() throws Exception {
    Layout.of(LAYER).write(store.home.resolve("v1.0/model"));
    assertThat(store.fresh(1 << 20, Set.of("v1.0")).open("oci:v1.0/model").launch())
        .isEqualTo(LAUNCH);
  }

  @Test
  void what_is_no_image_is_refused() throws IOException {
    Files.writeString(store.home.resolve("text"), "not an image");
    Files.write(store.home.resolve("some.tar"), LAYER);
    Files.createDirectories(store.home.resolve("empty"));
    Files.writeString(store.home.resolve("empty/oci-layout"), "{}");
    Files.writeString(store.home.resolve("empty/index.json"), "{\"manifests\":[]}");
    assertThat(store.refusal("oci:text")).hasMessageContaining("neither a folder nor");
    assertThat(store.refusal("oci:some.tar")).hasMessageContaining("neither an OCI layout nor");
    assertThat(store.refusal("oci:empty")).hasMessageContaining("a layout without images");
    assertThat(store.refusal("wasm:a")).hasMessageContaining("of no known kind");
  }
}
