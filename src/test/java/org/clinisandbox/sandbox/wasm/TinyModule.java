package org.clinisandbox.sandbox.wasm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.TestModels;

/**
 * Assembles modules that no C compiler would make. Function 0 is fd_read, 1 fd_write, 2 random_get,
 * {@link #START} is {@code _start}, further ones follow. Memory holds a ready line, a buffer for
 * the request and a reply, with the vectors that name them.
 */
final class TinyModule {
  static final int START = 3;

  private static final int READY_VECTOR = 0;
  private static final int REQUEST_VECTOR = 8;
  private static final int REPLY_VECTOR = 16;
  private static final int SCRATCH = 24;

  /** Where one more vector can be put. */
  static final int FREE_VECTOR = 512;

  /** Where the one digit of the reply is. */
  static final int REPLY_DIGIT = 80 + 11;

  private static final int SECTION_START = 8;

  private final Map<Integer, byte[]> sections = new LinkedHashMap<>();
  private final List<byte[]> bodies = new ArrayList<>();

  /** A module whose {@code _start} is this code. */
  TinyModule(byte[]... start) {
    section(1, vector(type("iiii", "i"), type("ii", "i"), type("", ""), type("i", "i")));
    section(
        2,
        vector(
            imported("wasi_snapshot_preview1", "fd_read", 0),
            imported("wasi_snapshot_preview1", "fd_write", 0),
            imported("wasi_snapshot_preview1", "random_get", 1)));
    section(5, vector(join(bytes(1, 1), leb(16))));
    section(7, vector(join(name("_start"), bytes(0, START))));
    section(11, vector(active(0, words(64, 15, 256, 64, 80, 14)), active(64, text())));
    bodies.add(join(start));
  }

  private static byte[] text() {
    return "{\"ready\":true}\n\0{\"outcome\":0}\n".getBytes(StandardCharsets.UTF_8);
  }

  /** One more function, from i32 to i32. */
  TinyModule function(byte[]... code) {
    bodies.add(join(code));
    return this;
  }

  /** In place of a memory of 1 page, at most 16. */
  TinyModule memories(byte[]... memories) {
    return section(5, vector(memories));
  }

  /** A table of function references. */
  TinyModule table(int min) {
    return section(4, vector(join(bytes(0x70, 0), leb(min))));
  }

  /** Runs {@code _start} already when the module is instantiated. */
  TinyModule startsItself() {
    return section(SECTION_START, leb(START));
  }

  TinyModule section(int id, byte[] content) {
    sections.put(id, content);
    return this;
  }

  byte[] assemble() {
    byte[][] types = new byte[bodies.size()][];
    byte[][] code = new byte[bodies.size()][];
    for (int i = 0; i < types.length; i++) {
      types[i] = leb(i == 0 ? 2 : 3);
      byte[] body = join(bytes(0), bodies.get(i), bytes(0x0b));
      code[i] = join(leb(body.length), body);
    }
    section(3, vector(types));
    section(10, vector(code));
    byte[] module = bytes(0, 'a', 's', 'm', 1, 0, 0, 0);
    for (int id : new int[] {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 10, 11}) {
      byte[] content = sections.get(id);
      if (content != null) {
        module = join(module, bytes(id), leb(content.length), content);
      }
    }
    return module;
  }

  /** The module as a file, pinned. */
  ModelImage in(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "tiny", ".wasm");
    Files.write(file, assemble());
    return TestModels.image(file);
  }

  static byte[] ready() {
    return print(READY_VECTOR);
  }

  static byte[] readRequest() {
    return join(i32(0), i32(REQUEST_VECTOR), i32(1), i32(SCRATCH), call(0), drop());
  }

  static byte[] reply() {
    return print(REPLY_VECTOR);
  }

  private static byte[] print(int vector) {
    return join(i32(1), i32(vector), i32(1), i32(SCRATCH), call(1), drop());
  }

  static byte[] loop(byte[]... body) {
    return join(bytes(0x03, 0x40), join(body), bytes(0x0c, 0, 0x0b));
  }

  /** Sets the reply's one digit to a small number on the stack. */
  static byte[] replyDigit(byte[] number) {
    return join(i32(REPLY_DIGIT), number, i32('0'), bytes(0x6a), store8());
  }

  static byte[] store8() {
    return bytes(0x3a, 0, 0);
  }

  static byte[] store32() {
    return bytes(0x36, 2, 0);
  }

  static byte[] i32(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x41);
    int rest = value;
    while (rest < -64 || rest > 63) {
      out.write((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write(rest & 0x7f);
    return out.toByteArray();
  }

  static byte[] call(int function) {
    return join(bytes(0x10), leb(function));
  }

  static byte[] drop() {
    return bytes(0x1a);
  }

  static byte[] type(String parameters, String results) {
    return join(bytes(0x60), kinds(parameters), kinds(results));
  }

  private static byte[] kinds(String kinds) {
    byte[] all = leb(kinds.length());
    for (int i = 0; i < kinds.length(); i++) {
      all = join(all, bytes(kinds.charAt(i) == 'i' ? 0x7f : 0x7e));
    }
    return all;
  }

  static byte[] imported(String module, String symbol, int type) {
    return join(name(module), name(symbol), bytes(0), leb(type));
  }

  private static byte[] active(int at, byte[] content) {
    return join(bytes(0), i32(at), bytes(0x0b), leb(content.length), content);
  }

  static byte[] words(int... words) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      buffer.putInt(word);
    }
    return buffer.array();
  }

  static byte[] name(String name) {
    return join(leb(name.length()), name.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] vector(byte[]... elements) {
    return join(leb(elements.length), join(elements));
  }

  static byte[] leb(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
