package org.clinisandbox.sandbox.guest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.sandbox.contract.Requires;
import org.jspecify.annotations.Nullable;

/** The committed guest program as a process of its own, spoken to in frames over its pipes. */
final class GuestProcess implements AutoCloseable {
  static final Path PROGRAM =
      Path.of("src/main/resources/org/clinisandbox/sandbox/guest/clinisandbox-guest-x86_64")
          .toAbsolutePath();
  static final byte[] EXITED = {0, 0, 0};
  private static final int LARGEST = 64 * 1024;

  private final Process process;
  private final DataInputStream frames;
  private final OutputStream input;

  private GuestProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    frames = new DataInputStream(process.getInputStream());
    input = process.getOutputStream();
    /* A test that waits for what never comes reads the end of the stream at last. */
    CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES).execute(process::destroyForcibly);
  }

  /** Started by other programs, or by none. */
  static GuestProcess start(String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.add(PROGRAM.toString());
    return new GuestProcess(command);
  }

  /** A configured guest whose json-lines model is a shell script. */
  static GuestProcess ofScript(String script) throws IOException {
    GuestProcess guest = start();
    guest.configure(
        "protocol=json-lines", "arg=/bin/sh", "arg=-c", "arg=" + script, "env=PATH=/usr/bin:/bin");
    return guest;
  }

  void configure(String... strings) throws IOException {
    send(Frame.CONFIGURE, configuration(strings));
  }

  static byte[] configuration(String... strings) {
    return (String.join("\0", strings) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  void ask(String request) throws IOException {
    send(Frame.REQUEST, request.getBytes(StandardCharsets.UTF_8));
  }

  void send(char type, byte[] payload) throws IOException {
    new Frame(type, payload).write(input);
  }

  /** A frame's type and length without what they promise. */
  void sendRaw(char type, byte[] length) throws IOException {
    input.write(type);
    input.write(length);
    input.flush();
  }

  /** The next frame, null after the last. */
  @Nullable Frame next() throws IOException {
    return Frame.read(frames, LARGEST);
  }

  /** What the next frame of a type carries; frames of other types before it are passed over. */
  String await(char type) throws IOException {
    for (Frame frame; (frame = next()) != null; ) {
      if (frame.type() == type) {
        return new String(frame.payload(), StandardCharsets.UTF_8);
      }
    }
    throw new IOException("the guest ended before a frame " + type);
  }

  /** Everything up to the end. */
  Said rest() throws IOException {
    return Said.read(frames);
  }

  void hangUp() throws IOException {
    input.close();
    process.getInputStream().close();
  }

  long pid() {
    return process.pid();
  }

  boolean endsSoon() throws InterruptedException {
    return process.waitFor(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * What a guest said.
   *
   * @param last the payload of its X, else null
   * @param failure the sentence of its F, else null
   */
  record Said(String out, String err, int ticks, byte @Nullable [] last, @Nullable String failure) {
    static Said read(DataInputStream frames) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int ticks = 0;
      for (Frame frame; (frame = Frame.read(frames, LARGEST)) != null; ) {
        switch (frame.type()) {
          case Frame.OUT -> out.write(frame.payload());
          case Frame.ERR -> err.write(frame.payload());
          case Frame.TICK -> ticks++;
          case Frame.EXIT -> {
            return new Said(text(out), text(err), ticks, frame.payload(), null);
          }
          case Frame.FAULT -> {
            String sentence = new String(frame.payload(), StandardCharsets.UTF_8);
            return new Said(text(out), text(err), ticks, null, sentence);
          }
          default -> throw new IOException("a frame of type " + frame.type());
        }
      }
      return new Said(text(out), text(err), ticks, null, null);
    }

    private static String text(ByteArrayOutputStream bytes) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  static void needRoot() {
    Requires.that("root".equals(System.getProperty("user.name")), "this test wants to be root");
  }

  static void needProgram(String name) {
    boolean there = false;
    for (String folder : System.getenv("PATH").split(":", -1)) {
      there |= Files.isExecutable(Path.of(folder, name));
    }
    Requires.that(there, "this test wants the program " + name);
  }
}
