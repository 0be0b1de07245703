package org.clinisandbox.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A receiver on a real socket, which answers as it is told to. */
final class TestingReceiver implements AutoCloseable {
  private final ServerSocket server;
  private final Answer answer;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch broken = new CountDownLatch(1);

  private TestingReceiver(ServerSocket server, Answer answer) {
    this.server = server;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  /** Reads the request, then answers. */
  interface Answer {
    void write(Socket socket) throws IOException, InterruptedException;
  }

  record Received(String head, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return String.join(" | ", headers.getOrDefault(name, List.of()));
    }
  }

  static TestingReceiver answering(String head) throws IOException {
    return on("127.0.0.1", 0, head);
  }

  static TestingReceiver on(String address, int port, String head) throws IOException {
    return start(
        ServerSocketFactory.getDefault(),
        address,
        port,
        socket -> socket.getOutputStream().write((head + "\r\n\r\n").getBytes(ISO_8859_1)));
  }

  static TestingReceiver doing(Answer answer) throws IOException {
    return start(ServerSocketFactory.getDefault(), "127.0.0.1", 0, answer);
  }

  static TestingReceiver start(ServerSocketFactory sockets, String address, int port, Answer answer)
      throws IOException {
    return new TestingReceiver(
        sockets.createServerSocket(port, 50, InetAddress.getByName(address)), answer);
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook?token=s3cret";
  }

  int connections() {
    return connections.get();
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  /** Waits until writing an answer has failed because the sender closed the connection. */
  void awaitBroken() throws InterruptedException {
    broken.await();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      received.add(read(socket.getInputStream()));
      answer.write(socket);
    } catch (IOException | InterruptedException e) {
      broken.countDown();
    }
  }

  private static Received read(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      bytes.write(next);
      text = bytes.toString(ISO_8859_1);
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    text.lines()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              headers
                  .computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                  .add(line.substring(colon + 1).strip());
            });
    int length = Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).getFirst());
    return new Received(text, headers, new String(in.readNBytes(length), UTF_8));
  }
}
