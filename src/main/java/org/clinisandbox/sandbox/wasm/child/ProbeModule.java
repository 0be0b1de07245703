package org.clinisandbox.sandbox.wasm.child;

import java.util.HexFormat;

/**
 * The smallest model: it writes its ready line, reads its request, writes a reply and ends. In
 * text:
 *
 * <pre>
 * (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
 * (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
 * (memory 1 1)
 * (func (export "_start")
 *   (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 24)))
 *   (drop (call $read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 24)))
 *   (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24))))
 * (data (i32.const 0) "three vectors: 15 bytes at 64, 64 at 128, 17 at 80")
 * (data (i32.const 64) "{\"ready\":true}\n\0{\"outcome\":\"ok\"}\n")
 * </pre>
 */
public final class ProbeModule {
  private static final String HEADER = "0061736d01000000";
  private static final String TYPES = "010c0260047f7f7f7f017f600000";
  private static final String IMPORTS =
      "02440216776173695f736e617073686f745f70726576696577310766645f72656164000016776173695f"
          + "736e617073686f745f70726576696577310866645f77726974650000";
  private static final String FUNCTIONS = "03020101";
  private static final String MEMORY = "050401010101";
  private static final String EXPORTS = "070a01065f73746172740002";
  private static final String CODE =
      "0a25012300410141004101411810011a410041084101411810001a410141104101411810011a0b";
  private static final String DATA =
      "0b45020041000b18400000000f000000800000004000000050000000110000000041c0000b217b227265"
          + "616479223a747275657d0a007b226f7574636f6d65223a226f6b227d0a";

  private ProbeModule() {}

  public static byte[] bytes() {
    return HexFormat.of()
        .parseHex(HEADER + TYPES + IMPORTS + FUNCTIONS + MEMORY + EXPORTS + CODE + DATA);
  }
}
