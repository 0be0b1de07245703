package org.clinisandbox.sandbox.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.ModelImage;

/**
 * What a guest is told once.
 *
 * @param arguments the program and its arguments
 * @param environment {@code NAME=value}
 * @param memoryBytes for the model and its {@code /tmp}
 * @param processes processes and threads of the model
 * @param tmpBytes of the writable {@code /tmp}
 * @param model its name in the paths of the Open Inference Protocol
 * @param rehearsal a request of nobody's, to rehearse with where that is of use
 */
public record GuestSetup(
    Protocol protocol,
    List<String> arguments,
    List<String> environment,
    String workingFolder,
    long memoryBytes,
    int processes,
    long tmpBytes,
    String model,
    String rehearsal) {
  /** Processes and threads that one sandbox may have, those of the guest among them. */
  public static final int PROCESSES = 128;

  /** What of a model's memory its {@code /tmp} may take at most. */
  public static long tmpBytes(Limits limits) {
    return limits.memoryBytes() / 2;
  }

  /** What an image says, and what it leaves unsaid. */
  public static GuestSetup of(ModelImage.Container image, Limits limits) {
    List<String> environment = new ArrayList<>(List.of("HOME=/tmp"));
    if (image.environment().stream().noneMatch(variable -> variable.startsWith("PATH="))) {
      environment.add("PATH=/usr/local/bin:/usr/bin:/bin");
    }
    environment.addAll(image.environment());
    return new GuestSetup(
        image.protocol(),
        image.arguments(),
        environment,
        image.workingFolder(),
        limits.memoryBytes(),
        PROCESSES,
        tmpBytes(limits),
        image.model(),
        image.rehearsal());
  }

  public GuestSetup {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  /** The frame that says so. */
  Frame frame() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    put(bytes, "protocol", protocol.label());
    arguments.forEach(argument -> put(bytes, "arg", argument));
    environment.forEach(variable -> put(bytes, "env", variable));
    put(bytes, "cwd", workingFolder);
    put(bytes, "memory", Long.toString(memoryBytes));
    put(bytes, "processes", Integer.toString(processes));
    put(bytes, "tmp", Long.toString(tmpBytes));
    put(bytes, "model", model);
    put(bytes, "rehearsal", rehearsal);
    return new Frame(Frame.CONFIGURE, bytes.toByteArray());
  }

  private static void put(ByteArrayOutputStream bytes, String key, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("The image's " + key + " has a NUL byte.");
    }
    bytes.writeBytes((key + "=" + value + "\0").getBytes(StandardCharsets.UTF_8));
  }
}
