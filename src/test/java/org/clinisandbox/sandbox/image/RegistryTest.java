package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.clinisandbox.sandbox.image.LoopbackRegistry.challenge;
import static org.clinisandbox.sandbox.image.LoopbackRegistry.send;
import static org.clinisandbox.sandbox.image.LoopbackRegistry.sendEndlessly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images fetched from a registry on loopback, honest or not. */
class RegistryTest {
  private static final byte[] LAYER = Tar.gzip(new Tar().file("model", "#!", 0755).bytes());

  @TempDir private Path folder;
  private final Layout layout = Layout.of(LAYER);
  private LoopbackRegistry registry;
  private List<String> asked;
  private String host;
  private Store store;

  @BeforeEach
  void start() throws IOException {
    store = new Store(folder);
    registry = new LoopbackRegistry(layout);
    asked = registry.asked;
    host = registry.host();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private ImageStore images() throws IOException {
    return store.fresh(64 << 20, Set.of(host));
  }

  private String reference() {
    return "oci:" + host + "/team/model@" + layout.digest();
  }

  private SandboxException refusal() throws IOException {
    ImageStore images = images();
    SandboxException refusal =
        catchThrowableOfType(SandboxException.class, () -> images.open(reference()));
    assertThat(refusal).isNotNull();
    assertThat(store.kept()).isEmpty();
    return refusal;
  }

  @Test
  void an_image_is_fetched_by_digest_or_tag_and_not_asked_for_again() throws Exception {
    Image image = images().open("oci:" + host + "/team/model:1.0");
    assertThat(image.digest()).isEqualTo(layout.digest());
    assertThat(image.root().resolve("model")).hasContent("#!");
    int before = asked.size();
    assertThat(images().open(reference())).isEqualTo(image);
    assertThat(asked).hasSize(before);
  }

  @Test
  void an_index_in_a_registry_leads_to_the_image_for_this_host() throws Exception {
    String ours = layout.digest();
    String index = layout.index(Map.of(Platform.architecture(), ours));
    Image image = images().open("oci:" + host + "/team/model@" + index);
    assertThat(image.digest()).isEqualTo(index);
    assertThat(asked).contains("/v2/team/model/manifests/" + ours);
  }

  @Test
  void a_token_for_everybody_is_asked_for_and_used() throws Exception {
    registry.trick =
        (exchange, name) -> {
          if (exchange.getRequestURI().getPath().equals("/token")) {
            assertThat(exchange.getRequestURI().getQuery())
                .isEqualTo("service=this one&scope=repository:team/model:pull");
            send(exchange, 200, "{\"token\":\"abc.def\"}".getBytes(StandardCharsets.UTF_8));
            return true;
          }
          if ("Bearer abc.def".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
          }
          challenge(exchange, "Bearer realm=\"http://" + host + "/token\",service=\"this one\"");
          return true;
        };
    assertThat(images().open(reference()).digest()).isEqualTo(layout.digest());
    assertThat(asked.stream().filter(path -> path.equals("/token"))).hasSize(1);
  }

  @Test
  void a_registry_that_never_is_content_with_its_token_is_given_up() throws IOException {
    registry.trick =
        (exchange, name) -> {
          if (name.equals("token")) {
            send(exchange, 200, "{\"token\":\"abc\"}".getBytes(StandardCharsets.UTF_8));
          } else {
            challenge(exchange, "Bearer realm=\"http://" + host + "/token\"");
          }
          return true;
        };
    assertThat(refusal()).hasMessageContaining("not given to everybody");
  }

  @Test
  void passwords_are_not_sent_and_tokens_not_asked_for_in_the_clear() throws IOException {
    registry.trick =
        (exchange, name) -> {
          challenge(exchange, "Basic realm=\"x\"");
          return true;
        };
    assertThat(refusal()).hasMessageContaining("more than an anonymous token");
    registry.trick =
        (exchange, name) -> {
          challenge(exchange, "Bearer realm=\"http://example.invalid/token\"");
          return true;
        };
    assertThat(refusal()).hasMessageContaining("wants a token not by HTTPS");
  }

  @Test
  void other_bytes_than_the_digest_names_are_a_mismatch() throws IOException {
    for (String digest : layout.blobs.keySet()) {
      registry.trick =
          (exchange, name) -> {
            if (!name.equals(digest)) {
              return false;
            }
            byte[] changed = layout.blobs.getOrDefault(name, new byte[0]).clone();
            changed[0] ^= 1;
            send(exchange, 200, changed);
            return true;
          };
      assertThat(refusal().kind()).isEqualTo(Kind.DIGEST_MISMATCH);
    }
  }

  @Test
  void an_answer_without_an_end_is_read_no_further_than_its_size() throws IOException {
    for (String digest : layout.blobs.keySet()) {
      registry.trick =
          (exchange, name) -> {
            if (name.equals(digest)) {
              sendEndlessly(exchange);
            }
            return name.equals(digest);
          };
      assertThat(refusal().getMessage()).containsAnyOf("more than the", "manifest of more than");
    }
  }

  @Test
  void an_answer_that_stops_coming_is_given_up() throws IOException {
    registry.trick =
        (exchange, name) -> {
          if (!name.equals(Digest.of(LAYER))) {
            return false;
          }
          exchange.sendResponseHeaders(200, LAYER.length);
          exchange.getResponseBody().write(LAYER, 0, 10);
          exchange.getResponseBody().flush();
          try {
            Thread.sleep(Duration.ofMinutes(10));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        };
    ImageStore impatient =
        new ImageStore(
            new ImageStore.Settings(
                store.cache, store.home, 0, Store.MOST_IMAGE_BYTES, Set.of(host)),
            Duration.ofMillis(500));
    assertThat(catchThrowableOfType(SandboxException.class, () -> impatient.open(reference())))
        .hasMessageContaining("takes too long");
  }

  @Test
  void a_redirection_to_what_is_not_https_is_not_followed() throws IOException {
    registry.trick =
        (exchange, name) -> {
          if (name.equals("elsewhere") || !name.equals(Digest.of(LAYER))) {
            return false;
          }
          exchange.getResponseHeaders().add("Location", "http://" + host + "/elsewhere");
          send(exchange, 307, null);
          return true;
        };
    assertThat(refusal()).hasMessageContaining("redirects to what is not HTTPS");
    assertThat(asked).doesNotContain("/elsewhere");
  }

  @Test
  void a_host_that_cannot_be_one_is_refused() throws IOException {
    ImageStore images = store.fresh(0, Set.of("127.1:80"));
    assertThat(
            catchThrowableOfType(
                SandboxException.class, () -> images.open("oci:127.1:80/team/model:1.0")))
        .hasMessageContaining("name is no host's");
  }

  @Test
  void what_is_not_there_or_broken_or_unreachable_is_said() throws IOException {
    layout.blobs.remove(Digest.of(LAYER));
    assertThat(refusal()).hasMessageContaining("is not in its registry");
    registry.trick =
        (exchange, name) -> {
          send(exchange, 500, null);
          return true;
        };
    assertThat(refusal()).hasMessageContaining("answers with status 500");
    registry.close();
    assertThat(refusal()).hasMessageContaining("cannot be fetched from 127.0.0.1");
  }

  @Test
  void a_registry_that_is_not_plainly_on_this_machine_is_spoken_to_by_https_alone()
      throws IOException {
    String elsewhere = "LOCALHOST:" + registry.port();
    ImageStore images = store.fresh(0, Set.of(elsewhere));
    assertThat(
            catchThrowableOfType(
                SandboxException.class, () -> images.open("oci:" + elsewhere + "/team/model:1.0")))
        .hasMessageContaining("cannot be fetched");
    assertThat(asked).isEmpty();
  }
}
