package org.clinisandbox.sandbox.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SealedMemoryTest {
  @Test
  void what_is_sealed_is_never_written_again() throws Exception {
    try (SealedMemory memory = SealedMemory.of("test", new byte[] {1, 2, 3});
        RandomAccessFile file = new RandomAccessFile(memory.file().toFile(), "rw")) {
      assertThatThrownBy(() -> file.write(9)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.setLength(1)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.setLength(9)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.getChannel().map(MapMode.READ_WRITE, 0, 3))
          .isInstanceOf(IOException.class);
      file.getChannel().map(MapMode.PRIVATE, 0, 3).put(0, (byte) 9);

      assertThat(Files.readAllBytes(memory.file())).containsExactly(1, 2, 3);
    }
  }

  @Test
  void what_is_mapped_for_writing_is_not_sealed() throws Exception {
    try (SealedMemory memory = SealedMemory.create("test", 4096);
        RandomAccessFile file = new RandomAccessFile(memory.file().toFile(), "rw")) {
      var mapped = file.getChannel().map(MapMode.READ_WRITE, 0, 4096);

      assertThat(memory.seal()).isFalse();
      mapped.put(0, (byte) 1);
      assertThat(Files.readAllBytes(memory.file())[0]).isEqualTo((byte) 1);
    }
  }

  @Test
  void closing_it_lets_go_of_it() throws Exception {
    SealedMemory memory = SealedMemory.create("test", 1);
    memory.close();
    memory.close();

    assertThat(memory.file()).doesNotExist();
  }
}
