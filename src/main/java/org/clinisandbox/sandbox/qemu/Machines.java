package org.clinisandbox.sandbox.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.GuestSandbox;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.ConfinedProcess;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProcessEnclosure;

/**
 * Boots, freezes and copies machines.
 *
 * @param counterKiloHertz of this host's time stamp counter
 */
record Machines(
    Host host, Path bwrap, JailRoot root, Accelerator accelerator, long counterKiloHertz) {
  static final Duration BOOT_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration COPY_TIMEOUT = Duration.ofSeconds(20);
  private static final int LARGEST_STATE = 64 << 20;
  private static final long SEAL_PAUSE_MILLIS = 5;
  private static final long SETTLE_MILLIS = 250;

  /** The machine's memory is no part of what it says of itself: the copies find it in the file. */
  private static final Map<String, ?> WITHOUT_MEMORY =
      Map.of("capabilities", List.of(Map.of("capability", "x-ignore-shared", "state", true)));

  /** A process of a machine and the channel to its QEMU; whoever has it closes both. */
  private record Running(ConfinedProcess process, Monitor monitor) implements AutoCloseable {
    @Override
    public void close() {
      monitor.close();
      process.close();
    }
  }

  @FunctionalInterface
  private interface Start {
    Confinement in(MachineCommand command);
  }

  private Running start(Path disk, Limits limits, Path folder, int user, long deadline, Start start)
      throws IOException {
    MachineCommand command =
        new MachineCommand(host, bwrap, root, accelerator, counterKiloHertz, disk, limits, folder);
    Monitor monitor = Monitor.listen(folder.resolve(MachineCommand.MONITOR_SOCKET), user, deadline);
    ConfinedProcess process;
    try {
      process = host.start(start.in(command), user);
    } catch (IOException e) {
      monitor.close();
      throw e;
    }
    Running running = new Running(process, monitor);
    var _ = process.process().onExit().thenRun(monitor::gone);
    try {
      monitor.open();
      return running;
    } catch (IOException e) {
      String complaint = process.complaint().strip();
      running.close();
      throw complaint.isEmpty() ? e : new IOException(complaint.replaceAll("[^ -~]+", " "), e);
    }
  }

  private int newUser() {
    return host.isRoot() ? host.newUser() : 0;
  }

  /**
   * Boots a machine, has it start the model, and freezes it.
   *
   * @param timeout for all of that
   */
  Template freeze(ModelImage.Container image, Path disk, Limits limits, Duration timeout)
      throws SandboxException {
    long started = System.nanoTime();
    long deadline = started + timeout.toNanos();
    int user = newUser();
    SealedMemory memory = null;
    try {
      Path folder = host.newFolder();
      SealedMemory made = SealedMemory.create("machine", MachineCommand.machineBytes(limits));
      memory = made;
      byte[] state;
      try (Running machine =
              start(disk, limits, folder, user, deadline, command -> command.boot(made));
          Caller saved = Caller.listen(folder.resolve(MachineCommand.STATE_SOCKET), user);
          Sandbox ready =
              GuestSandbox.start(
                  new ProcessEnclosure(machine.process()),
                  GuestSetup.of(image, limits),
                  limits,
                  timeout,
                  started)) {
        settle();
        state = state(machine.monitor(), saved, deadline);
        if (!ready.isWaiting()) {
          throw new IOException("the model did not wait for its request");
        }
      }
      seal(made, deadline);
      return new Template(made, SealedMemory.of("machine-state", state));
    } catch (IOException | SandboxException e) {
      if (memory != null) {
        memory.close();
      }
      throw refusal("made", e);
    }
  }

  /**
   * Lets the model come to where it waits for its request. What it does after it said that it is
   * ready is then done once for all copies, and what it must not do is seen before there is one.
   */
  private static void settle() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the start was interrupted", e);
    }
  }

  /**
   * Takes the machine's state, which stops it. It is not stopped before: a copy of a machine that
   * was not running does not run until it is told to, which QEMU forgets when told too soon.
   */
  private static byte[] state(Monitor monitor, Caller saved, long deadline) throws IOException {
    monitor.ask("migrate-set-capabilities", WITHOUT_MEMORY);
    monitor.ask(
        "migrate", Map.of("uri", "unix:" + JailRoot.SOCKETS + "/" + MachineCommand.STATE_SOCKET));
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    while (saved.read(state, deadline)) {
      if (state.size() > LARGEST_STATE) {
        throw new IOException("its state is larger than any machine's");
      }
    }
    String status;
    do {
      status = monitor.ask("query-migrate", Map.of()).path("status").asString();
    } while (status.equals("active") || status.equals("device"));
    if (!status.equals("completed")) {
      throw new IOException("it was not frozen");
    }
    return state.toByteArray();
  }

  /** The ended process may take a moment to let go of it. */
  private static void seal(SealedMemory memory, long deadline) throws IOException {
    while (!memory.seal()) {
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new IOException("its memory is still in use");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(SEAL_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A machine of its own for one patient, which goes on where the template was frozen. */
  Sandbox copy(Template template, Path disk, Limits limits, long started) throws SandboxException {
    long deadline = System.nanoTime() + COPY_TIMEOUT.toNanos();
    Running machine = null;
    try {
      machine =
          start(
              disk,
              limits,
              host.newFolder(),
              newUser(),
              deadline,
              command -> command.copy(template.memory(), template.state()));
      machine.monitor().ask("migrate-set-capabilities", WITHOUT_MEMORY);
      machine
          .monitor()
          .ask("migrate-incoming", Map.of("uri", "fd:" + MachineCommand.STATE_DESCRIPTOR));
      machine.monitor().close();
    } catch (IOException e) {
      if (machine != null) {
        machine.close();
      }
      throw refusal("copied", e);
    }
    return GuestSandbox.resume(
        new ProcessEnclosure(machine.process()), limits, COPY_TIMEOUT, started);
  }

  private static SandboxException refusal(String what, Exception e) {
    return e instanceof SandboxException known
        ? known
        : new SandboxException(
            Kind.HOST_FAILED, "The machine could not be " + what + ": " + e.getMessage() + ".");
  }
}
