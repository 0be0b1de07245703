package org.clinisandbox.sandbox.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Named files of an image as it is stored, in a folder or in an archive. */
interface Parts extends Closeable {
  boolean has(String name) throws IOException;

  InputStream open(String name) throws IOException;

  /** A part that has to be small, whole. */
  default byte[] small(String name) throws IOException {
    try (InputStream in = open(name)) {
      byte[] bytes = in.readNBytes(Json.MOST_BYTES + 1);
      if (bytes.length > Json.MOST_BYTES) {
        throw ImageException.refused(
            "has a " + name + " of more than " + Json.MOST_BYTES + " bytes");
      }
      return bytes;
    }
  }

  @Override
  void close() throws IOException;
}
