package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.clinisandbox.sandbox.SandboxException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images built of folders. */
class ImageBuilderTest {
  private static final String DESCRIPTION =
      """
      arguments: [/bin/model, --table, /data/table]
      environment: { PATH: /bin, LANG: C.UTF-8 }
      working_folder: /data
      files: { /bin/model: build/model, /data/more/notes: notes.txt }
      """;

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    store = new Store(folder);
  }

  /** The same files, made in another order, at another time, with other modes. */
  private Path model(String name, boolean again) throws IOException {
    Path model = Files.createDirectories(store.home.resolve(name));
    Files.createDirectories(model.resolve("root/data"));
    Files.createDirectories(model.resolve("build"));
    Files.writeString(model.resolve("image.yaml"), DESCRIPTION);
    Files.writeString(model.resolve("notes.txt"), "n");
    Files.writeString(model.resolve("build/model"), "#!");
    List<String> names = new ArrayList<>(List.of("table", "x".repeat(150), "a-b", "a", "z"));
    if (again) {
      Collections.reverse(names);
    }
    for (String file : names) {
      Path made = Files.writeString(model.resolve("root/data").resolve(file), file);
      if (again) {
        Files.setLastModifiedTime(made, FileTime.fromMillis(1_000_000));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
    }
    Files.setPosixFilePermissions(
        model.resolve("build/model"),
        PosixFilePermissions.fromString(again ? "rwx------" : "rwxr-xr-x"));
    Files.setPosixFilePermissions(
        model.resolve("root/data"),
        PosixFilePermissions.fromString(again ? "rwxrwxrwx" : "rwxr-x---"));
    Files.createSymbolicLink(model.resolve("root/link"), Path.of("/data/table"));
    return model;
  }

  @Test
  void the_same_files_give_the_same_bytes() throws Exception {
    Path one = store.home.resolve("one.tar");
    Path two = store.home.resolve("two.tar");
    String digest = ImageBuilder.build(model("a", false), one);
    assertThat(ImageBuilder.build(model("b", true), two)).isEqualTo(digest);
    assertThat(two).hasSameBinaryContentAs(one);
    ImageBuilder.build(store.home.resolve("a"), one);
    assertThat(one).hasSameBinaryContentAs(two);
    assertThat(new String(Files.readAllBytes(one), StandardCharsets.ISO_8859_1))
        .doesNotContain(System.getProperty("user.name") + "\0");
  }

  @Test
  void what_is_built_is_what_was_there() throws Exception {
    Path model = model("a", false);
    for (String output : List.of("built.tar", "built")) {
      String digest = ImageBuilder.build(model, store.home.resolve(output));
      Image image = store.fresh().open("oci:" + output + "@" + digest);
      assertThat(image.launch())
          .isEqualTo(
              new Launch(
                  List.of("/bin/model", "--table", "/data/table"),
                  List.of("PATH=/bin", "LANG=C.UTF-8"),
                  "/data"));
      assertThat(image.root().resolve("bin/model")).hasContent("#!").isExecutable();
      assertThat(image.root().resolve("data/more/notes")).hasContent("n");
      assertThat(image.root().resolve("data/table")).hasContent("table");
      assertThat(Files.isExecutable(image.root().resolve("data/table"))).isFalse();
      assertThat(Files.readSymbolicLink(image.root().resolve("link"))).hasToString("/data/table");
    }
  }

  @Test
  void one_static_program_makes_an_image() throws Exception {
    Path model = Files.createDirectories(store.home.resolve("a"));
    Files.writeString(model.resolve("program"), "#!");
    Files.writeString(
        model.resolve("image.yaml"), "{ arguments: [/model], files: { /model: program } }");
    String digest = ImageBuilder.build(model, store.home.resolve("a.tar"));
    assertThat(store.fresh().open("oci:a.tar@" + digest).root().resolve("model")).hasContent("#!");
  }

  @Test
  void an_output_that_is_there_is_not_overwritten_unless_it_is_an_archive() throws Exception {
    Path model = model("a", false);
    Path output = Files.createDirectories(store.home.resolve("out"));
    assertThatThrownBy(() -> ImageBuilder.build(model, output))
        .hasMessageContaining("which is there already");
    assertThat(output).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "argument: [/model]",
        "arguments: []",
        "arguments: /model",
        "{ arguments: [/model], environment: [A=1] }",
        "{ arguments: [/model], environment: { A: 1 } }",
        "{ arguments: [/model], environment: { A: a, A: b } }",
        "{ arguments: [/model], working_folder: data }",
        "{ arguments: [/model], files: { model: notes.txt } }",
        "{ arguments: [/model], files: { /../model: notes.txt } }",
        "{ arguments: [/model], files: { /model: ../outside } }",
        "{ arguments: [/model], files: { /model: /etc/hostname } }",
        "{ arguments: [/model], files: { /model: link } }",
        "{ arguments: [/model], files: { /model: nothing } }",
        "{ arguments: [/model], files: { /model: root } }",
        "arguments: [",
        ""
      })
  void a_description_that_is_not_understood_is_refused(String yaml) throws IOException {
    Path model = model("a", false);
    Files.writeString(store.home.resolve("outside"), "secret");
    Files.createSymbolicLink(model.resolve("link"), store.home.resolve("outside"));
    Files.writeString(model.resolve("image.yaml"), yaml);
    Path output = store.home.resolve("a.tar");
    assertThatThrownBy(() -> ImageBuilder.build(model, output))
        .isInstanceOf(SandboxException.class)
        .hasMessageNotContaining("cannot be read");
    assertThat(output).doesNotExist();
  }

  @Test
  void a_file_that_would_hide_another_is_refused() throws IOException {
    Path model = model("a", false);
    Files.writeString(model.resolve("root/.wh.data"), "");
    assertThatThrownBy(() -> ImageBuilder.build(model, store.home.resolve("a.tar")))
        .hasMessageContaining("would hide another");
  }

  @Test
  void a_folder_without_a_description_is_not_built() {
    assertThatThrownBy(() -> ImageBuilder.build(store.home, store.home.resolve("a.tar")))
        .hasMessageContaining("no folder with an image.yaml");
  }
}
