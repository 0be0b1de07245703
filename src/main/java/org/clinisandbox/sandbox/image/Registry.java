package org.clinisandbox.sandbox.image;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One image of a registry while it is fetched, by the OCI distribution protocol. A registry on this
 * machine's loopback is asked by plain HTTP, any other by HTTPS.
 */
final class Registry implements Closeable {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  private static final Set<String> MANIFESTS =
      Set.of(INDEX, Packed.MANIFEST_TYPE, DOCKER_INDEX, DOCKER_MANIFEST);
  private static final Duration TO_CONNECT = Duration.ofSeconds(10);
  private static final Duration TO_ANSWER = Duration.ofSeconds(60);
  private static final int MOST_HOPS = 6;

  private final Reference.InRegistry reference;
  private final Duration patience;
  private final HttpClient client;
  private final URI base;
  private @Nullable String token;

  private Registry(Reference.InRegistry reference, Duration patience) {
    this.reference = reference;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TO_CONNECT)
            .build();
    String scheme = isLoopback(URI.create("https://" + reference.host())) ? "http" : "https";
    this.base = URI.create(scheme + "://" + reference.host());
  }

  /**
   * Asks for an image's manifest. Its layers are fetched when they are read.
   *
   * @param allowed the hosts that may be asked
   * @param patience how long one part may take
   */
  static Source open(Reference.InRegistry reference, Set<String> allowed, Duration patience)
      throws IOException {
    if (!allowed.contains(reference.host())) {
      throw ImageException.refused(
          "is neither a path below the home folder nor in a registry that may be asked; list "
              + reference.host()
              + " in CLINISANDBOX_REGISTRIES if it is one");
    }
    if (URI.create("https://" + reference.host()).getHost() == null) {
      throw ImageException.refused("is in a registry whose name is no host's");
    }
    Registry registry = new Registry(reference, patience);
    try {
      return new Source(registry.contents(), registry);
    } catch (IOException e) {
      registry.close();
      throw e;
    }
  }

  private static boolean isLoopback(URI uri) {
    String host = uri.getHost();
    return host != null && (host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}"));
  }

  private Contents contents() throws IOException {
    String wanted = reference.digest();
    String name = wanted == null ? reference.tag() : wanted;
    if (name == null) {
      throw ImageException.refused("names neither a tag nor a digest; add one of them");
    }
    byte[] bytes;
    try (InputStream in = get("manifests/" + name)) {
      bytes = in.readNBytes(Json.MOST_BYTES + 1);
    }
    if (bytes.length > Json.MOST_BYTES) {
      throw ImageException.refused("has a manifest of more than " + Json.MOST_BYTES + " bytes");
    }
    Descriptor top = Descriptor.of(Packed.MANIFEST_TYPE, bytes);
    if (wanted != null && !wanted.equals(top.digest())) {
      throw ImageException.mismatch("was answered by the registry with other bytes");
    }
    return OciImage.ofTop(
        top, part -> part.equals(top) ? new ByteArrayInputStream(bytes) : get(path(part)), wanted);
  }

  private static String path(Descriptor part) {
    return (MANIFESTS.contains(part.mediaType()) ? "manifests/" : "blobs/") + part.digest();
  }

  private InputStream get(String path) throws IOException {
    URI uri = base.resolve("/v2/" + reference.repository() + "/" + path);
    boolean authorised = token != null;
    for (int hop = 0; hop < MOST_HOPS; hop++) {
      HttpResponse<InputStream> response = send(uri);
      int status = response.statusCode();
      if (status == 200) {
        return new TimedStream(response.body(), patience);
      }
      response.body().close();
      switch (status) {
        case 401 -> {
          if (authorised || !isOurs(uri)) {
            throw ImageException.refused("is not given to everybody by its registry");
          }
          token = token(response.headers().firstValue("WWW-Authenticate").orElse(""));
          authorised = true;
        }
        case 301, 302, 303, 307, 308 -> uri = redirected(uri, response);
        case 404 -> throw ImageException.refused("is not in its registry");
        default ->
            throw ImageException.refused(
                "cannot be fetched; its registry answers with status " + status);
      }
    }
    throw ImageException.refused("cannot be fetched; its registry redirects in circles");
  }

  private static URI redirected(URI from, HttpResponse<?> response) throws IOException {
    try {
      URI to = from.resolve(response.headers().firstValue("Location").orElse(""));
      if ("https".equals(to.getScheme()) && to.getHost() != null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw ImageException.refused("cannot be fetched; its registry redirects to no address");
    }
    throw ImageException.refused("cannot be fetched; its registry redirects to what is not HTTPS");
  }

  private boolean isOurs(URI uri) {
    return uri.getScheme().equals(base.getScheme())
        && uri.getAuthority().equals(base.getAuthority());
  }

  /** Asks for a token as nobody in particular. */
  private String token(String challenge) throws IOException {
    URI uri = Challenge.tokenAddress(challenge, reference.repository());
    boolean safe = "https".equals(uri.getScheme()) || (isLoopback(base) && isLoopback(uri));
    if (!safe) {
      throw ImageException.refused("cannot be fetched; its registry wants a token not by HTTPS");
    }
    HttpResponse<InputStream> response = send(uri);
    try (InputStream in = new TimedStream(response.body(), patience)) {
      if (response.statusCode() != 200) {
        throw ImageException.refused("is not given to everybody by its registry");
      }
      return Challenge.token(in.readNBytes(Json.MOST_BYTES));
    }
  }

  private HttpResponse<InputStream> send(URI uri) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TO_ANSWER).GET();
    MANIFESTS.stream().sorted().forEach(kind -> request.header("Accept", kind));
    if (token != null && isOurs(uri)) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ImageException.refused("was not fetched: the start was interrupted");
    } catch (IOException e) {
      throw ImageException.refused(
          "cannot be fetched from " + uri.getHost() + " (" + e.getClass().getSimpleName() + ")");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
