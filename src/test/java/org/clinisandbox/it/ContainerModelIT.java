package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ModelRow;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A model in a container, registered on a running server, from the bundle to the result. */
class ContainerModelIT {
  @Test
  void its_result_names_the_backend_the_level_and_the_times() throws Exception {
    Requires.that(
        Files.exists(Path.of("target/models/qsofa-c/image.yaml")),
        "target/models/qsofa-c (models/images makes it)");
    Requires.that(Host.find("bwrap").isPresent(), "bwrap (apt-get install bubblewrap)");
    register("qsofa-c");
    Client client = Up.client();
    ObjectNode request = Client.payload("qsofa_valid");
    JsonNode other = client.ended(client.accepted(request));
    request.put("model_key", "qsofa-c");

    JsonNode job = client.ended(client.accepted(request));

    assertThat(job.path("status").asString()).as(job.toString()).isEqualTo("succeeded");
    assertThat(job.path("result").path("score")).isEqualTo(other.path("result").path("score"));
    JsonNode sandbox = job.path("sandbox");
    assertThat(sandbox.path("backend").asString())
        .isIn(List.of("firecracker", "qemu", "gvisor", "bubblewrap"));
    assertThat(sandbox.path("isolation").asString())
        .isIn(List.of("microvm", "gvisor", "namespaces"));
    assertThat(sandbox.path("fresh").asBoolean()).isTrue();
    assertThat(sandbox.path("ready_ms").isNumber()).isTrue();
    assertThat(sandbox.path("run_ms").isNumber()).isTrue();
    assertThat(job.path("model").path("digest").asString()).startsWith("sha256:");
  }

  /** The image is the folder that it is built from: to develop with. */
  private static void register(String model) throws Exception {
    byte[] yaml = Files.readAllBytes(Path.of("models", model, "manifest.yaml"));
    ModelRow row = ManifestReader.toRow(ManifestReader.fromYaml(yaml));
    Sql.run(
        """
        insert into diagnostic_models (name, key, version, docker_image_path, required_fhir_resources)
        values ('%s', '%s', '%s', 'oci:target/models/%s', '%s')
        """
            .formatted(
                row.name(),
                row.key(),
                row.version(),
                model,
                row.requiredFhirResources().toString().replace("'", "''")));
  }
}
