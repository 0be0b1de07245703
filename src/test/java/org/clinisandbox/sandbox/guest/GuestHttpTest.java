package org.clinisandbox.sandbox.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.guest.GuestProcess.EXITED;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.clinisandbox.sandbox.guest.GuestProcess.Said;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class GuestHttpTest {
  private static final String READY = "{\"ready\":true}\n";
  private static final byte[] FAILED = {0, 1, 0};

  /**
   * A model that is ready at its third probe; it answers with raw bytes of its first argument, in
   * which REQUEST stands for the request's body.
   */
  private static final String SERVER =
      """
      import os, socket, sys
      answer = sys.argv[1].encode().decode("unicode_escape").encode("latin-1")
      server = socket.create_server(("127.0.0.1", int(sys.argv[2])))
      probes = 0
      while True:
          peer, _ = server.accept()
          stream = peer.makefile("rb")
          method, path, _ = stream.readline().decode().split()
          headers = {}
          while (line := stream.readline().decode().strip()):
              name, _, value = line.partition(": ")
              headers[name] = value
          if method == "GET":
              probes += 1
              status = b"200 OK" if probes > 2 else b"503 Loading"
              peer.sendall(b"HTTP/1.1 " + status + b"\\r\\nContent-Length: 0\\r\\n\\r\\n")
              print("probe", path, flush=True)
          else:
              body = stream.read(int(headers["Content-Length"]))
              print(method, path, headers["Content-Type"], flush=True)
              peer.sendall(answer.replace(b"REQUEST", body))
              if b"DIE" in answer:
                  os.kill(os.getpid(), 9)
          stream.close()
          peer.close()
      """;

  @BeforeAll
  static void python() {
    GuestProcess.needProgram("python3");
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static Said ask(String protocol, String answer) throws Exception {
    int port = freePort();
    try (GuestProcess guest = GuestProcess.start()) {
      guest.configure(
          "protocol=" + protocol,
          "arg=python3",
          "arg=-c",
          "arg=" + SERVER,
          "arg=" + answer.replace("\r\n", "\\r\\n"),
          "arg=" + port,
          "env=PATH=" + System.getenv("PATH"),
          "port=" + port,
          "model=risk-1.0");
      assertThat(guest.await(Frame.OUT)).isEqualTo(READY);
      guest.ask("{\"age\":70}");
      return guest.rest();
    }
  }

  @Test
  void sagemaker_is_translated() throws Exception {
    Said said =
        ask("sagemaker", "HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n{\"is\":\r\n{\"age\":70}}");

    assertThat(said.out()).isEqualTo("{\"is\":  {\"age\":70}}\n");
    assertThat(said.err()).contains("POST /invocations application/json\n");
    assertThat(said.last()).isEqualTo(EXITED);
  }

  @Test
  void open_inference_is_translated() throws Exception {
    Said said =
        ask("open-inference-v2", "HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nREQUEST and more");

    assertThat(said.out()).isEqualTo("{\"age\":70}\n");
    assertThat(said.err()).contains("POST /v2/models/risk-1.0/infer application/json\n");
    assertThat(said.last()).isEqualTo(EXITED);
  }

  @Test
  void the_model_is_asked_until_it_is_ready() throws Exception {
    assertThat(ask("sagemaker", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1").out())
        .isEqualTo("1\n");
  }

  @Test
  void chunks_are_joined() throws Exception {
    Said said =
        ask(
            "sagemaker",
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "3",
                "{\"a",
                "A;x=y",
                "REQUEST",
                "2 ",
                "\"}",
                "0",
                "End: true",
                "",
                ""));

    assertThat(said.out()).isEqualTo("{\"a{\"age\":70}\"}\n");
    assertThat(said.last()).isEqualTo(EXITED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        "HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "{}",
        "",
      })
  void a_broken_answer_is_none(String answer) throws Exception {
    Said said = ask("sagemaker", answer);

    assertThat(said.last()).isEqualTo(FAILED);
    assertThat(said.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}3\r\n0\r\n\r\n",
      })
  void an_answer_that_breaks_off_gets_no_end_of_line(String rest) throws Exception {
    Said said = ask("sagemaker", "HTTP/1.1 200 OK\r\n" + rest);

    assertThat(said.last()).isEqualTo(FAILED);
    assertThat(said.out()).isEqualTo("{}");
  }

  @Test
  void headers_without_end_are_cut_off() throws Exception {
    assertThat(ask("sagemaker", "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000)).last())
        .isEqualTo(FAILED);
  }

  @Test
  void a_model_that_dies_over_its_answer_is_told_by_its_own_end() throws Exception {
    assertThat(ask("sagemaker", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nDIE").last())
        .isEqualTo(new byte[] {1, 9, 0});
  }

  @Test
  void a_model_that_never_serves_is_told_by_its_end() throws Exception {
    try (GuestProcess guest = GuestProcess.start()) {
      guest.configure(
          "protocol=sagemaker",
          "arg=/bin/sh",
          "arg=-c",
          "arg=echo no; exit 4",
          "port=" + freePort());
      Said said = guest.rest();
      assertThat(said.out()).isEmpty();
      assertThat(said.err()).isEqualTo("no\n");
      assertThat(said.last()).isEqualTo(new byte[] {0, 4, 0});
    }
  }
}
