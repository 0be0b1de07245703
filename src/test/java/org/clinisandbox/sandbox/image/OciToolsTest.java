package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clinisandbox.sandbox.FileTree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What skopeo and umoci make is read here, and what is built here is read by them. */
class OciToolsTest {
  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    Needs.programs("skopeo", "umoci");
    store = new Store(folder);
  }

  private Path built(String output) throws Exception {
    Path model = Files.createDirectories(store.home.resolve("model"));
    Files.createDirectories(model.resolve("root/bin"));
    Files.writeString(model.resolve("root/bin/model"), "#!");
    Files.writeString(model.resolve("root").resolve("long".repeat(40)), "long");
    Files.writeString(
        model.resolve("image.yaml"), "{ arguments: [/bin/model], environment: { A: b } }");
    ImageBuilder.build(model, store.home.resolve(output));
    return store.home.resolve(output);
  }

  @Test
  void umoci_unpacks_what_is_built_here() throws Exception {
    Path layout = built("layout");
    Path bundle = folder.resolve("bundle");
    Needs.run("umoci", "unpack", "--rootless", "--image", layout + ":latest", bundle.toString());
    assertThat(bundle.resolve("rootfs/bin/model")).hasContent("#!");
    assertThat(bundle.resolve("rootfs").resolve("long".repeat(40))).hasContent("long");
    JsonNode process =
        Json.read(Files.readAllBytes(bundle.resolve("config.json")), "it").path("process");
    assertThat(process.path("args").get(0).asString()).isEqualTo("/bin/model");
    assertThat(Json.texts(process, "env")).contains("A=b");
  }

  @Test
  void skopeo_copies_archives_both_ways_and_the_image_stays_the_same() throws Exception {
    Path archive = built("built.tar");
    Image ours = store.fresh().open("oci:built.tar");
    String copied = "oci:" + store.home.resolve("copied") + ":v1";
    copy("--preserve-digests", "oci-archive:" + archive, copied);
    assertThat(store.fresh().open("oci:copied:v1@" + ours.digest()).digest())
        .isEqualTo(ours.digest());
    copy("oci-archive:" + archive, "docker-archive:" + store.home.resolve("saved.tar") + ":m:1");
    Image saved = store.fresh().open("oci:saved.tar:1");
    assertThat(saved.launch()).isEqualTo(ours.launch());
    assertThat(Inventory.of(saved.root()).lines()).isEqualTo(Inventory.of(ours.root()).lines());
    copy("oci-archive:" + archive, "oci:" + store.home.resolve("compressed"));
    Image compressed = store.fresh().open("oci:compressed");
    assertThat(compressed.digest()).isNotEqualTo(ours.digest());
    assertThat(Inventory.of(compressed.root()).lines())
        .isEqualTo(Inventory.of(ours.root()).lines());
  }

  private static void copy(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 3];
    command[0] = "skopeo";
    command[1] = "--insecure-policy";
    command[2] = "copy";
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    Needs.run(command);
  }

  @Test
  void layers_and_whiteouts_of_umoci_are_read_here() throws Exception {
    Path layout = store.home.resolve("theirs");
    String image = layout + ":v1";
    String bundle = folder.resolve("bundle").toString();
    Path root = folder.resolve("bundle/rootfs");
    Needs.run("umoci", "init", "--layout", layout.toString());
    Needs.run("umoci", "new", "--image", image);
    Needs.run("umoci", "config", "--image", image, "--config.entrypoint", "/model");
    Needs.run("umoci", "unpack", "--rootless", "--image", image, bundle);
    Files.createDirectories(root.resolve("lib/deep"));
    Files.writeString(root.resolve("model"), "1");
    Files.writeString(root.resolve("lib/deep/old"), "1");
    Files.writeString(root.resolve("lib/kept"), "1");
    Needs.run("umoci", "repack", "--image", image, "--refresh-bundle", bundle);
    FileTree.delete(root.resolve("lib/deep"));
    Files.writeString(root.resolve("model"), "22");
    Files.createSymbolicLink(root.resolve("lib/link"), Path.of("/model"));
    Needs.run("umoci", "repack", "--image", image, bundle);

    Path unpacked = store.fresh().open("oci:theirs:v1").root();
    assertThat(unpacked.resolve("model")).hasContent("22");
    assertThat(unpacked.resolve("lib/deep")).doesNotExist();
    assertThat(unpacked.resolve("lib/kept")).hasContent("1");
    assertThat(Files.readSymbolicLink(unpacked.resolve("lib/link"))).hasToString("/model");
  }
}
