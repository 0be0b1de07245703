package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that somebody tampers with. */
public final class ChangedBytes {
  private ChangedBytes() {}

  /** Changes one bit, and sets the time back; done twice, nothing is changed. */
  public static void flip(Path file, long at) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    try (FileChannel bytes =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      bytes.read(one, at);
      bytes.write(one.put(0, (byte) (one.get(0) ^ 1)).flip(), at);
    }
    Files.setLastModifiedTime(file, time);
  }
}
