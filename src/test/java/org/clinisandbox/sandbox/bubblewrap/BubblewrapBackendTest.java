package org.clinisandbox.sandbox.bubblewrap;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.junit.jupiter.api.Test;

class BubblewrapBackendTest {
  @Test
  void a_model_answers() throws Exception {
    try (Host host = Host.open(Path.of("/tmp"))) {
      BubblewrapBackend backend = new BubblewrapBackend(host);
      Probe probe = backend.probe();
      System.out.println(probe);
      for (int i = 0; i < 300; i++) {
        long t = System.nanoTime();
        try (Sandbox s = backend.start(ProbeModel.image(host), ProbeModel.LIMITS)) {
          long r = System.nanoTime();
          Answer a = s.ask("{}".getBytes(StandardCharsets.UTF_8));
          long q = System.nanoTime();
          s.close();
          long c = System.nanoTime();
          if (i % 30 == 29)
            System.out.println(
                (r - t) / 1000 + " " + (q - r) / 1000 + " " + (c - q) / 1000 + " " + a);
        }
      }
    }
  }
}
