package org.clinisandbox.sandbox.wasm;

import static org.clinisandbox.sandbox.wasm.TinyModule.*;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clinisandbox.sandbox.ModelImage;

/** Modules that work for ever, each in a way of its own. */
public final class HostileModules {
  static final int OWN_FUNCTION = START + 1;

  private static final int MEBIBYTE = 1 << 20;

  private HostileModules() {}

  /** By what they do, as files of this folder. */
  public static Map<String, ModelImage> endless(Path folder) throws IOException {
    Map<String, ModelImage> images = new LinkedHashMap<>();
    for (Map.Entry<String, TinyModule> module : endless().entrySet()) {
      images.put(module.getKey(), module.getValue().in(folder));
    }
    return images;
  }

  static Map<String, TinyModule> endless() {
    byte[] grow = join(i32(15), bytes(0x40, 0), drop());
    byte[] fill = join(i32(0x1000), i32(0), i32(15 * MEBIBYTE / 16), bytes(0xfc, 0x0b, 0));
    byte[] recurse = join(bytes(0x20, 0), i32(1), bytes(0x6b), call(OWN_FUNCTION));
    Map<String, TinyModule> modules = new LinkedHashMap<>();
    modules.put("a loop", after(loop()));
    modules.put("a loop of bulk fills", after(join(grow, loop(fill))));
    modules.put(
        "calls without a loop",
        after(join(i32(64), call(OWN_FUNCTION), drop()))
            .function(
                bytes(0x20, 0, 0x45, 0x04, 0x7f),
                i32(1),
                bytes(0x05),
                recurse,
                recurse,
                bytes(0x6a, 0x0b)));
    modules.put("stdout calls that write nothing", after(loop(write(1, 0, 0))));
    modules.put("one stderr call that writes 15 GiB", flood());
    return modules;
  }

  /** A model that gets ready, reads its request, does this and replies. */
  static TinyModule after(byte[]... code) {
    return new TinyModule(ready(), readRequest(), join(code), reply());
  }

  private static TinyModule flood() {
    byte[] vectors = {};
    for (int i = 0; i < 1024; i++) {
      int at = 0x2000 + 8 * i;
      vectors =
          join(vectors, i32(at), i32(0), store32(), i32(at + 4), i32(15 * MEBIBYTE), store32());
    }
    return after(vectors, write(2, 0x2000, 1024)).memories(join(bytes(0), leb(241)));
  }

  static byte[] write(int descriptor, int vectors, int count) {
    return join(i32(descriptor), i32(vectors), i32(count), i32(24), call(1), drop());
  }
}
