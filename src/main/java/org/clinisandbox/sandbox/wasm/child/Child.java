package org.clinisandbox.sandbox.wasm.child;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import org.clinisandbox.sandbox.guest.Frame;

/**
 * Entry point of a child JVM. It keeps one fresh connection to its host, and makes another for each
 * byte that it reads from standard input, whose end is its own.
 */
public final class Child {
  private Child() {}

  /**
   * Serves until standard input ends.
   *
   * @param arguments the path of the host's socket
   */
  public static void main(String[] arguments) throws Exception {
    // What a stack trace tells of a model is nobody's business.
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {});
    tryOut();
    UnixDomainSocketAddress host = UnixDomainSocketAddress.of(arguments[0]);
    ModuleCache modules = new ModuleCache();
    do {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(host);
      Thread.ofPlatform()
          .name("connection")
          .daemon()
          .start(new GuestConnection(channel, modules)::run);
    } while (System.in.read() >= 0);
    Runtime.getRuntime().halt(0);
  }

  /**
   * Runs a module once. It loads every class that a guest's thread comes by: one that was first
   * wanted where a guest has no stack left would be lost to all later ones.
   */
  private static void tryOut() throws Exception {
    CompiledModule module = CompiledModule.of(ProbeModule.bytes());
    Streams streams = new Streams();
    streams.ask(new byte[] {'\n'});
    new Guest(module, streams, module.initialBytes()).start();
    Frame frame;
    do {
      frame = streams.next();
    } while (frame.type() != Frame.EXIT);
  }
}
