package org.clinisandbox.sandbox.wasm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;

/**
 * Runs WebAssembly modules inside this JVM.
 *
 * <p>A module is read once at each start; the bytes that were hashed are the bytes that run. It is
 * compiled to JVM bytecode once and instantiated afresh for each patient, on a thread of its own.
 * What it may call is in {@link GuestCalls}, what it may contain in {@link ModuleRules}.
 */
public final class WasmBackend implements Backend {
  private static final long MAX_MODULE_BYTES = 64L << 20;
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(10);
  private static final Limits PROBE_LIMITS = new Limits(1 << 20, 1, Duration.ofSeconds(2), 1 << 10);

  private final ModuleCache modules = new ModuleCache();
  private final Duration readyTimeout;
  private final HeapBudget budget;

  /** Ten seconds to get ready; half of this JVM's heap for the models that run at one time. */
  public WasmBackend() {
    this(READY_TIMEOUT, Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * With these bounds.
   *
   * @param readyTimeout how long a model may take to its ready line
   * @param memoryBudget what the models that run at one time may reach together, in bytes; one that
   *     would go beyond waits
   */
  public WasmBackend(Duration readyTimeout, long memoryBudget) {
    this.readyTimeout = readyTimeout;
    this.budget = new HeapBudget(memoryBudget);
  }

  @Override
  public String name() {
    return "wasm";
  }

  @Override
  public Isolation isolation() {
    return Isolation.WASM;
  }

  @Override
  public boolean runs(ModelImage image) {
    return image instanceof ModelImage.Wasm;
  }

  @Override
  public Sandbox start(ModelImage image, Limits limits) throws SandboxException {
    long started = System.nanoTime();
    return switch (image) {
      case ModelImage.Mock _, ModelImage.Container _ ->
          throw new SandboxException(
              Kind.IMAGE_REFUSED, "The wasm backend runs WebAssembly modules only.");
      case ModelImage.Wasm(Path file, String digest) -> {
        byte[] bytes = read(file);
        String actual = Digest.of(bytes);
        if (!actual.equals(digest)) {
          throw new SandboxException(
              Kind.DIGEST_MISMATCH,
              "The module "
                  + file.getFileName()
                  + " is not the one that was registered; restore it or register a new version.");
        }
        yield start(actual, bytes, limits, started);
      }
    };
  }

  private Sandbox start(String digest, byte[] bytes, Limits limits, long started)
      throws SandboxException {
    CompiledModule module = modules.get(digest, bytes);
    return WasmSandbox.start(module, limits, readyTimeout, budget, started);
  }

  @Override
  public Probe probe() {
    byte[] bytes = ProbeModule.bytes();
    try (Sandbox sandbox = start(Digest.of(bytes), bytes, PROBE_LIMITS, System.nanoTime())) {
      return switch (sandbox.ask("{}".getBytes(StandardCharsets.UTF_8))) {
        case Answer.Replied replied ->
            new Probe(
                name(),
                isolation(),
                true,
                sandbox.readyTime(),
                "A module was compiled, started, asked and ended.",
                null);
        case Answer.Failed failed ->
            unavailable("The probe's module did not answer: " + failed.failure() + ".");
      };
    } catch (SandboxException e) {
      return unavailable(String.valueOf(e.getMessage()));
    }
  }

  private Probe unavailable(String detail) {
    return new Probe(
        name(),
        isolation(),
        false,
        null,
        detail,
        "Start it on a JDK 25 with more heap (-Xmx) and try again.");
  }

  private static byte[] read(Path file) throws SandboxException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) MAX_MODULE_BYTES + 1);
      if (bytes.length > MAX_MODULE_BYTES) {
        throw new SandboxException(
            Kind.IMAGE_REFUSED, "The module " + file.getFileName() + " is larger than 64 MiB.");
      }
      return bytes;
    } catch (IOException e) {
      throw new SandboxException(
          Kind.IMAGE_REFUSED,
          "The module " + file.getFileName() + " cannot be read; restore the file.");
    }
  }
}
