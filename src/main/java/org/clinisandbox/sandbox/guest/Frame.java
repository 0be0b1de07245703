package org.clinisandbox.sandbox.guest;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message between host and guest.
 *
 * @param type one of the letters of docs/guest-protocol.md
 */
public record Frame(char type, byte[] payload) {
  public static final char CONFIGURE = 'C';
  public static final char TICK = 'T';
  public static final char REQUEST = 'Q';
  public static final char OUT = 'O';
  public static final char ERR = 'E';
  public static final char EXIT = 'X';
  public static final char FAULT = 'F';

  /** To the guest: a part of the model's program. */
  public static final char MODULE = 'M';

  /** From the guest: how much memory the model holds. */
  public static final char MEMORY = 'M';

  private static final int HEADER = 5;
  private static final int MAX_PAYLOAD = 16 << 20;

  /** Sends it at once. */
  public void write(OutputStream stream) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + payload.length);
    bytes.put((byte) type).putInt(payload.length).put(payload);
    stream.write(bytes.array());
    stream.flush();
  }

  /**
   * The next frame; null at the stream's end between two frames.
   *
   * @param largest bytes that a payload may have, never more than 16 MiB
   * @throws IOException when the stream ends in the middle of one, or one is larger
   */
  public static @Nullable Frame read(DataInputStream stream, int largest) throws IOException {
    int type = stream.read();
    if (type < 0) {
      return null;
    }
    int length = stream.readInt();
    if (length < 0 || length > Math.min(largest, MAX_PAYLOAD)) {
      throw new IOException("a frame is larger than " + largest + " bytes");
    }
    byte[] payload = stream.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("a frame is cut off");
    }
    return new Frame((char) type, payload);
  }
}
