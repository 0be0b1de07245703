package org.clinisandbox.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 16, 24, 31, 33, 64})
  void a_key_of_another_length_is_refused_without_showing_it(int length) {
    byte[] key = new byte[length];
    Arrays.fill(key, (byte) 'Z');
    String text = Base64.getEncoder().encodeToString(key);
    assertThatThrownBy(() -> MasterKey.fromBase64(text))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("32 bytes in base64")
        .hasMessageNotContaining("Wlpa")
        .hasNoCause();
  }

  @Test
  void text_that_is_not_base64_is_refused_without_showing_it() {
    assertThatThrownBy(() -> MasterKey.fromBase64("correct horse battery staple"))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("32 bytes in base64")
        .hasMessageNotContaining("horse")
        .hasNoCause();
  }

  @Test
  void a_key_never_shows_itself() throws Exception {
    String text = Base64.getEncoder().encodeToString(new byte[32]);
    assertThat(MasterKey.fromBase64(text)).hasToString("MasterKey[hidden]");
  }

  @Test
  void a_new_file_holds_the_key_that_was_returned() throws Exception {
    Path file = folder.resolve("master.key");
    MasterKey made = MasterKey.createFile(file);
    byte[] sealed = made.aead().encrypt("x".getBytes(UTF_8), NOTHING);
    assertThat(MasterKey.fromFile(file).aead().decrypt(sealed, NOTHING)).asString().isEqualTo("x");
    assertThat(Files.readString(file)).hasSize(45).endsWith("\n");
  }

  @Test
  void a_new_file_is_for_its_owner_only_and_leaves_nothing_beside_it() throws Exception {
    Path file = folder.resolve("master.key");
    MasterKey.createFile(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void a_file_that_exists_is_never_overwritten() throws Exception {
    Path file = folder.resolve("master.key");
    Files.writeString(file, "precious");
    assertThatThrownBy(() -> MasterKey.createFile(file))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("exists already");
    assertThat(file).hasContent("precious");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x"})
  void a_file_open_to_others_is_refused_with_its_remedy(String permissions) throws Exception {
    Path file = folder.resolve("master.key");
    MasterKey.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> MasterKey.fromFile(file))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("chmod 600 " + file);
    assertThat(MasterKey.fromFile(file, false)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------"})
  void a_file_for_its_owner_only_is_read(String permissions) throws Exception {
    Path file = folder.resolve("master.key");
    MasterKey.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThat(MasterKey.fromFile(file)).isNotNull();
  }

  @Test
  void a_missing_file_is_named() {
    Path file = folder.resolve("none.key");
    assertThatThrownBy(() -> MasterKey.fromFile(file))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void a_folder_that_is_missing_is_a_clear_error() {
    Path file = folder.resolve("none").resolve("master.key");
    assertThatThrownBy(() -> MasterKey.createFile(file))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("can't be written");
  }
}
