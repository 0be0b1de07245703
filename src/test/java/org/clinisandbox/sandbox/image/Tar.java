package org.clinisandbox.sandbox.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes tar archives, also such as nobody should. */
final class Tar {
  private final ByteArrayOutputStream bytes;
  private final TarArchiveOutputStream tar;

  Tar() {
    this(new ByteArrayOutputStream(), out -> out);
  }

  private Tar(ByteArrayOutputStream bytes, UnaryOperator<OutputStream> compression) {
    this.bytes = bytes;
    this.tar = new TarArchiveOutputStream(compression.apply(bytes), "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /** An archive that never is in memory uncompressed. */
  static Tar compressed() {
    return new Tar(
        new ByteArrayOutputStream(),
        out -> {
          try {
            return new GZIPOutputStream(out);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  Tar file(String name, String content) {
    return file(name, content, 0644);
  }

  Tar file(String name, String content, int mode) {
    return file(name, content.getBytes(StandardCharsets.UTF_8), mode);
  }

  Tar file(String name, byte[] content, int mode) {
    return entry(name, TarConstants.LF_NORMAL, content, entry -> entry.setMode(mode));
  }

  Tar folder(String name) {
    return entry(name + "/", TarConstants.LF_DIR, new byte[0], entry -> {});
  }

  Tar symlink(String name, String target) {
    return entry(name, TarConstants.LF_SYMLINK, new byte[0], entry -> entry.setLinkName(target));
  }

  Tar hardLink(String name, String target) {
    return entry(name, TarConstants.LF_LINK, new byte[0], entry -> entry.setLinkName(target));
  }

  Tar special(String name, byte kind) {
    return entry(name, kind, new byte[0], entry -> {});
  }

  /** Any entry, its name as it is given. */
  Tar entry(String name, byte kind, byte[] content, Consumer<TarArchiveEntry> change) {
    try {
      TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
      entry.setSize(content.length);
      change.accept(entry);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
