package org.clinisandbox.sandbox.wasm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.GuestSandbox;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.wasm.child.ProbeModule;

/**
 * Runs WebAssembly modules in child JVMs that hold no key: whatever breaks out of a module finds
 * neither the database's connection nor what is in this JVM's memory.
 *
 * <p>A module is read once at each start; the bytes that were hashed are the bytes that a child is
 * given and runs. It is compiled to JVM bytecode once for each child and instantiated afresh for
 * each patient.
 */
public final class WasmBackend implements Backend, AutoCloseable {
  private static final long MAX_MODULE_BYTES = 64L << 20;
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 2;
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Limits PROBE_LIMITS =
      new Limits(1 << 20, 1, Duration.ofSeconds(10), 1 << 10);

  /** What a child's heap has beside the models' memory: modules and their code. */
  private static final long MODULES_HEAP = 64L << 20;

  private final Host host;
  private final Duration readyTimeout;
  private final HeapBudget budget;
  private final Children children;

  /**
   * Ten seconds to get ready; as many children as there are processors; half of what this JVM may
   * have as its heap for the models that run at one time.
   */
  public WasmBackend(Host host) {
    this(
        host,
        READY_TIMEOUT,
        Runtime.getRuntime().maxMemory() / 2,
        Runtime.getRuntime().availableProcessors(),
        IDLE);
  }

  /**
   * With these bounds.
   *
   * @param readyTimeout how long a model may take to its ready line
   * @param memoryBudget what the models that run at one time may reach together, in bytes; one that
   *     would go beyond waits
   * @param most how many children at one time
   * @param idle how long a child may have nothing to do
   */
  WasmBackend(Host host, Duration readyTimeout, long memoryBudget, int most, Duration idle) {
    this(
        host,
        readyTimeout,
        memoryBudget,
        // A memory that grows is copied: it is there twice for a moment.
        new Children(host, 2 * memoryBudget + MODULES_HEAP, most, idle, Host.find("bwrap")));
  }

  WasmBackend(Host host, Duration readyTimeout, long memoryBudget, Children children) {
    this.host = host;
    this.readyTimeout = readyTimeout;
    this.budget = new HeapBudget(memoryBudget);
    this.children = children;
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
        yield start(bytes, limits, started);
      }
    };
  }

  private Sandbox start(byte[] bytes, Limits limits, long started) throws SandboxException {
    budget.check(limits.memoryBytes());
    try (var _ = budget.take(limits.memoryBytes())) {
      Connection connection = connect(bytes, limits);
      GuestSandbox guest =
          GuestSandbox.start(connection, setup(limits), limits, readyTimeout, started);
      return new WasmSandbox(guest, budget, limits.memoryBytes());
    }
  }

  /** A connection to a child that has the module; that a child just died is no reason to fail. */
  private Connection connect(byte[] module, Limits limits) throws SandboxException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Connection connection = new Connection(children, children.take());
      boolean good = false;
      try {
        OptionalLong initial = connection.load(module);
        if (initial.isPresent() && initial.getAsLong() > limits.memoryBytes()) {
          throw new SandboxException(
              Kind.IMAGE_REFUSED,
              "The module begins with %d KiB of memory, above its limit of %d KiB; raise limits.memory."
                  .formatted(initial.getAsLong() >> 10, limits.memoryBytes() >> 10));
        }
        good = initial.isPresent();
      } finally {
        if (!good) {
          connection.close();
        }
      }
      if (good) {
        return connection;
      }
    }
    throw new SandboxException(
        Kind.NOT_READY, "Each process that was to compile the module ended; try again.");
  }

  private static GuestSetup setup(Limits limits) {
    return new GuestSetup(
        Protocol.JSON_LINES, List.of(), List.of(), "/", limits.memoryBytes(), 1, 0, "", "");
  }

  @Override
  public Probe probe() {
    Path file = host.folder().resolve("probe.wasm");
    byte[] bytes = ProbeModule.bytes();
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      return Probe.unavailable(this, "Its files cannot be written.", "Make room on the disk.");
    }
    Probe probe =
        Probe.of(
            this,
            new ModelImage.Wasm(file, Digest.of(bytes)),
            PROBE_LIMITS,
            "A module was compiled, started, asked and ended in a process that holds no key",
            "Start it on a JDK 25 with more heap (-Xmx) and try again.");
    return !probe.available()
        ? probe
        : new Probe(name(), isolation(), true, probe.ready(), probe.detail() + walls(), null);
  }

  /** What there is around a child, and what this host does not let be there, for people. */
  private String walls() {
    List<String> missing = new ArrayList<>();
    children.withoutJail().ifPresent(why -> missing.add("a jail (" + why + ")"));
    if (!host.hasControlGroups()) {
      missing.add("a control group (none can be made here)");
    }
    if (!host.isRoot()) {
      missing.add("a user of its own (the worker is not root)");
    }
    return missing.isEmpty()
        ? ", in a jail that bubblewrap makes, in a control group, as a user of its own."
        : ". That process lacks " + String.join(", ", missing) + ".";
  }

  /** Ends every child, and with it whatever runs there. */
  @Override
  public void close() {
    children.close();
  }

  /** The children there are now. */
  List<ChildProcess> children() {
    return children.all();
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
