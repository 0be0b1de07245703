package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an operator chooses for models reaches them. */
class ModelSettingsIT {
  private static final String SETTINGS = "CLINISANDBOX_MODEL_SETTINGS";

  @TempDir Path folder;

  @Test
  void the_region_of_the_kidney_failure_risk_is_the_operators_choice() {
    assertRisk(result(Up.client()), "0.151048", "0.041407");
    try (Node node =
        Node.start(
            folder,
            Map.of(SETTINGS, "kfre.region=north-america"),
            "up",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString())) {
      assertRisk(result(new Client(node.line("server"))), "0.179049", "0.061238");
    }
  }

  private static JsonNode result(Client client) {
    Chart chart =
        new Chart("female", 65)
            .measured("98979-8", "30", "mL/min/{1.73_m2}")
            .measured("9318-7", "300", "mg/g");
    return client.ended(client.accepted(chart.request("kfre-4"))).path("result");
  }

  private static void assertRisk(JsonNode result, String fiveYears, String twoYears) {
    BigDecimal precision = new BigDecimal("0.000001");
    assertThat(result.path("probability").decimalValue())
        .isCloseTo(new BigDecimal(fiveYears), within(precision));
    assertThat(result.path("details").path("two_year").decimalValue())
        .isCloseTo(new BigDecimal(twoYears), within(precision));
  }
}
