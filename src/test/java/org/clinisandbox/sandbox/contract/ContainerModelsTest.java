package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.clinisandbox.sandbox.Backends;
import org.clinisandbox.sandbox.CaseResult;
import org.clinisandbox.sandbox.CaseRunner;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.TestModels;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.gvisor.GvisorBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;
import org.clinisandbox.sandbox.qemu.QemuBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample models that come in containers give the same results in every backend. */
@Timeout(600)
class ContainerModelsTest {
  private static Host host;
  private static ModelImages images;
  private static Backends backends;

  @BeforeAll
  static void start() {
    host = Host.open(Path.of(System.getProperty("java.io.tmpdir")));
    images = TestModels.images(Path.of(""));
    backends =
        Backends.strongestFirst(
            List.of(
                new BubblewrapBackend(host),
                new GvisorBackend(host),
                new QemuBackend(host, new HostDisks(host, images), Path.of("guest", "out"))),
            Clock.systemUTC());
  }

  @AfterAll
  static void end() {
    backends.close();
    host.close();
  }

  @ParameterizedTest
  @CsvSource({
    "qsofa-c, bubblewrap",
    "qsofa-c, gvisor",
    "qsofa-c, qemu",
    "qsofa-python, bubblewrap",
    "qsofa-python, gvisor",
    "qsofa-python, qemu",
    "diabetes-progression, bubblewrap",
    "diabetes-progression, gvisor",
    "diabetes-progression, qemu",
    "diabetes-http, bubblewrap",
    "diabetes-http, gvisor",
    "diabetes-http, qemu"
  })
  void every_case_passes(String model, String backend) throws Exception {
    Requires.that(
        Files.exists(Path.of("target/models", model, "image.yaml")),
        "target/models/" + model + " (models/images makes it)");
    ModelImage image = TestModels.built(images, model);
    var chosen = backends.named(backend, image);
    var probe = chosen.probe();
    Requires.that(probe.available(), probe.detail() + " " + probe.remedy());

    List<CaseResult> results = CaseRunner.run(chosen, TestModels.manifest(model), image);

    assertThat(results).hasSizeGreaterThanOrEqualTo(10);
    assertThat(results).hasOnlyElementsOfType(CaseResult.Passed.class);
  }
}
