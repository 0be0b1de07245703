package org.clinisandbox.sandbox;

import java.nio.file.Path;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.wasm.WasmBackend;

/** This test run's place for processes of sandboxes, and one backend there for all tests. */
public final class TestHost {
  public static final Host HOST = Host.open(Path.of("/tmp"));
  public static final WasmBackend WASM = new WasmBackend(HOST);

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  WASM.close();
                  HOST.close();
                }));
  }

  private TestHost() {}
}
