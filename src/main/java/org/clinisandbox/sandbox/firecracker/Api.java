package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Firecracker's API on its Unix socket: one connection, one call after the other. */
final class Api implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LONGEST_ANSWER = 1 << 16;
  private static final int LONGEST_FAULT = 500;

  /** Firecracker knows this type without a character set only. */
  private static final ContentType CONTENT_TYPE = ContentType.create("application/json");

  private final Path socket;
  private final int user;
  private final CloseableHttpClient client;

  /**
   * Nothing is said yet.
   *
   * @param user whose socket it must be
   * @param patience for each answer
   */
  Api(Path socket, int user, Duration patience) {
    this.socket = socket;
    this.user = user;
    this.client =
        HttpClients.custom()
            // The simpler manager knows no Unix sockets: it would dial localhost.
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create().setMaxConnTotal(1).build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setUnixDomainSocket(socket)
                    .setResponseTimeout(Timeout.of(patience))
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableContentCompression()
            .disableAutomaticRetries()
            .disableAuthCaching()
            .build();
  }

  /** The release that this process says it is of. */
  String release() throws IOException {
    return call("GET", "/version", null).path("firecracker_version").asString("");
  }

  void put(String path, Map<String, ?> body) throws IOException {
    call("PUT", path, JSON.writeValueAsBytes(body));
  }

  void patch(String path, Map<String, ?> body) throws IOException {
    call("PATCH", path, JSON.writeValueAsBytes(body));
  }

  private JsonNode call(String method, String path, byte @Nullable [] body) throws IOException {
    // A machine that broke out of itself might have put another's in its place.
    if (!Files.getAttribute(socket, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(user)) {
      throw new IOException("the API socket is not the machine's");
    }
    HttpUriRequestBase request =
        new HttpUriRequestBase(method, URI.create("http://localhost" + path));
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, CONTENT_TYPE));
    }
    return client.execute(request, response -> answer(method + " " + path, response));
  }

  private static JsonNode answer(String call, ClassicHttpResponse response) throws IOException {
    HttpEntity entity = response.getEntity();
    byte[] text = entity == null ? new byte[0] : entity.getContent().readNBytes(LONGEST_ANSWER);
    JsonNode answer;
    try {
      answer = text.length == 0 ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IOException("Firecracker's answer to " + call + " is not JSON", e);
    }
    int status = response.getCode();
    if (status != HttpStatus.SC_OK && status != HttpStatus.SC_NO_CONTENT) {
      throw new IOException("Firecracker refused " + call + ": " + fault(status, answer));
    }
    return answer;
  }

  private static String fault(int status, JsonNode answer) {
    String said = answer.path("fault_message").asString("it answered " + status);
    String plain = said.replaceAll("[^ -~]+", " ").strip().replaceFirst("\\.$", "");
    return plain.substring(0, Math.min(plain.length(), LONGEST_FAULT));
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
