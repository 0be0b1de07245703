package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.JsonRefused;
import org.clinisandbox.fhir.StrictJson;
import org.clinisandbox.stage.Stage;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/** Reads request bodies within their limits: never more than allowed is taken in. */
public final class Bodies {
  private static final int MEGABYTE = 1 << 20;

  /**
   * What a body takes in memory at most while it is validated, as a multiple of itself. Measured:
   * 13 for a patient's record, 34 for the tree of a body that is all empty objects.
   */
  private static final int TREE_TO_BODY = 40;

  private static final int PATIENCE_SECONDS = 10;
  private static final int READING_SECONDS = 60;
  private static final int CHUNK = 1 << 16;
  static final MediaType FHIR_JSON = MediaType.parseMediaType("application/fhir+json");
  static final MediaType YAML = MediaType.parseMediaType("application/yaml");

  private final int limit;
  private final StrictJson json;

  /**
   * Megabytes of bodies that may be in memory at one time; what is made of them is many times as
   * large.
   */
  private final Semaphore room;

  /**
   * @param limit bytes of the largest body
   */
  public Bodies(int limit, StrictJson json) {
    this.limit = limit;
    this.json = json;
    long megabytes = Math.max(limit, Runtime.getRuntime().maxMemory() / TREE_TO_BODY) / MEGABYTE;
    this.room = new Semaphore((int) Math.min(Integer.MAX_VALUE, megabytes + 1));
  }

  /** Work on a body that was read. */
  interface Work<T> {
    T on(byte[] body);
  }

  /** Reads the body and works on it, when there is room for it. */
  <T> T with(HttpServletRequest request, Work<T> work) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.toLowerCase(Locale.ROOT).equals("identity")) {
      throw Problem.unsupported("Send the body without a Content-Encoding.");
    }
    long told = request.getContentLengthLong();
    if (told > limit) {
      throw tooLarge();
    }
    int megabytes = (int) ((told < 0 ? limit : told) / MEGABYTE) + 1;
    try {
      if (!room.tryAcquire(megabytes, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw Problem.unavailable("Too many requests are being worked on. Send it again later.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The server is stopping.");
    }
    try {
      return work.on(Stage.READ.time(() -> read(request)));
    } finally {
      room.release(megabytes);
    }
  }

  private byte[] read(HttpServletRequest request) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READING_SECONDS);
    ByteArrayOutputStream body =
        new ByteArrayOutputStream((int) Math.max(0, request.getContentLengthLong()));
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = request.getInputStream()) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        if (body.size() + count > limit) {
          throw tooLarge();
        }
        if (System.nanoTime() > end) {
          throw Problem.other(408, "Request Timeout");
        }
        body.write(chunk, 0, count);
      }
      return body.toByteArray();
    } catch (IOException e) {
      throw Problem.badRequest("The body ended before it was whole.");
    }
  }

  private Problem tooLarge() {
    return Problem.tooLarge("The body is larger than " + limit + " bytes.");
  }

  /** Strict JSON, or a problem that says where it is not. */
  JsonNode json(byte[] body) {
    try {
      return Stage.JSON.time(() -> json.read(body));
    } catch (JsonRefused e) {
      throw switch (e.kind()) {
        case TOO_MANY_ENTRIES, STRING_TOO_LONG -> Problem.tooLarge(message(e));
        default -> Problem.badRequest(message(e));
      };
    }
  }

  private static String message(JsonRefused e) {
    return String.valueOf(e.getMessage());
  }

  /** The body's media type without its parameters, when it is one of those taken here. */
  static MediaType mediaType(HttpServletRequest request, MediaType... taken) {
    String given = request.getContentType();
    try {
      MediaType type = MediaType.parseMediaType(given == null ? "" : given);
      String charset = type.getParameter("charset");
      MediaType plain = new MediaType(type.getType(), type.getSubtype());
      if ((charset == null || charset.equalsIgnoreCase("utf-8"))
          && Arrays.asList(taken).contains(plain)) {
        return plain;
      }
    } catch (InvalidMediaTypeException e) {
      // Said below.
    }
    throw Problem.unsupported(
        "Send one of these in UTF-8, and say so in the Content-Type header: "
            + MediaType.toString(Arrays.asList(taken))
            + ".");
  }
}
