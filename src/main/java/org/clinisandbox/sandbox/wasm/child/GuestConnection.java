package org.clinisandbox.sandbox.wasm.child;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.guest.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the host, which is one sandbox: a module comes in, then its configuration; from
 * then on the guest has a thread, and so has what it says. When the host closes its end, the guest
 * is interrupted, which compiled code looks for at each call and each jump back; one that runs on
 * takes this JVM with it.
 */
final class GuestConnection {
  private static final int LARGEST_FRAME = 16 << 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final SocketChannel channel;
  private final ModuleCache modules;
  private final OutputStream out;

  GuestConnection(SocketChannel channel, ModuleCache modules) {
    this.channel = channel;
    this.modules = modules;
    this.out = Channels.newOutputStream(channel);
  }

  /** Serves it to its end. */
  void run() {
    try (channel) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
      CompiledModule module = module(in);
      Frame configuration = module == null ? null : Frame.read(in, LARGEST_FRAME);
      if (module != null && configuration != null) {
        live(in, module, memory(configuration));
      }
    } catch (IOException e) {
      // The host is gone.
    }
  }

  /** Takes the module and tells what memory it begins with; null when it is refused. */
  private @Nullable CompiledModule module(DataInputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Frame part = Frame.read(in, LARGEST_FRAME); ; part = Frame.read(in, LARGEST_FRAME)) {
      if (part == null) {
        return null;
      }
      if (part.payload().length == 0) {
        break;
      }
      bytes.writeBytes(part.payload());
    }
    byte[] whole = bytes.toByteArray();
    try {
      CompiledModule module = modules.get(Digest.of(whole), whole);
      byte[] held = ByteBuffer.allocate(Long.BYTES).putLong(module.initialBytes()).array();
      new Frame(Frame.MEMORY, held).write(out);
      return module;
    } catch (SandboxException e) {
      byte[] sentence = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
      new Frame(Frame.FAULT, sentence).write(out);
      return null;
    }
  }

  private static long memory(Frame configuration) throws IOException {
    String[] settings = new String(configuration.payload(), StandardCharsets.UTF_8).split("\0", -1);
    return Arrays.stream(settings)
        .filter(setting -> setting.startsWith("memory="))
        .mapToLong(setting -> Long.parseLong(setting.substring("memory=".length())))
        .findFirst()
        .orElseThrow(() -> new IOException("the configuration lacks memory"));
  }

  private void live(DataInputStream in, CompiledModule module, long memoryBytes)
      throws IOException {
    Streams streams = new Streams();
    Thread life = new Guest(module, streams, memoryBytes).start();
    Thread says = Thread.ofPlatform().name("says").daemon().start(() -> tell(streams));
    try {
      Frame frame = Frame.read(in, LARGEST_FRAME);
      while (frame != null) {
        if (frame.type() == Frame.REQUEST) {
          byte[] line = Arrays.copyOf(frame.payload(), frame.payload().length + 1);
          line[line.length - 1] = '\n';
          streams.ask(line);
        }
        frame = Frame.read(in, LARGEST_FRAME);
      }
    } finally {
      end(life, streams, says);
    }
  }

  /** Sends what the guest says, to its last word. */
  private void tell(Streams streams) {
    try {
      Frame frame;
      do {
        frame = streams.next();
        frame.write(out);
      } while (frame.type() != Frame.EXIT && frame.type() != Frame.FAULT);
      channel.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      // The host is gone, which the other thread sees too.
    }
  }

  /** The channel stays open until the last word is out: it may be that memory was refused. */
  private static void end(Thread life, Streams streams, Thread says) {
    streams.close();
    life.interrupt();
    try {
      if (life.join(LAST_WORDS)) {
        says.join(LAST_WORDS);
        return;
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody did, the guest must not live on.
    }
    Runtime.getRuntime().halt(1);
  }
}
