package org.clinisandbox.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One {@code up} that the tests which do no harm share; it ends with the JVM. */
final class Up {
  private static final Up SHARED = new Up();

  private final Path data;
  private final Node node;
  private final Client client;

  private Up() {
    try {
      data = Files.createTempDirectory("clinisandbox-it");
      node =
          Node.start(data, Map.of(), "up", "--port", "0", "--data", data.resolve("up").toString());
      Runtime.getRuntime().addShutdownHook(new Thread(node::close));
      client = new Client(node.line("server"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Client client() {
    return SHARED.client;
  }

  static Node node() {
    return SHARED.node;
  }

  static Path data() {
    return SHARED.data.resolve("up");
  }
}
