package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.clinisandbox.fhir.path.FhirPath;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The committed tables are HL7's definitions, and the validator can use all of them. */
class DefinitionsTest {
  private static String unzipped(byte[] bytes) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void the_tables_are_what_the_definitions_give() throws IOException {
    if ("write".equals(System.getProperty("definitions"))) {
      DefinitionsCompiler.write();
    }
    assertThat(unzipped(Files.readAllBytes(DefinitionsCompiler.FILE)))
        .as("write it anew by make definitions")
        .isEqualTo(unzipped(DefinitionsCompiler.compile()));
  }

  @Test
  void every_invariant_is_compiled_or_written_in_java() throws Exception {
    JsonNode definitions =
        JsonMapper.shared().readTree(unzipped(Files.readAllBytes(DefinitionsCompiler.FILE)));
    int compiled = 0;
    for (var each : definitions.get("rules").properties()) {
      String expression = each.getValue().get("expression").asString();
      Rule rule = Rules.rule(each.getKey().replaceFirst("@.*", ""), expression, "");
      if (Rules.isAsked(rule.key()) && rule.test() instanceof Expression) {
        FhirPath.compile(Expression.withoutTraces(expression));
        compiled++;
      }
    }
    assertThat(compiled).isGreaterThan(160);
  }

  @Test
  void every_resource_of_r4_is_known_and_the_abstract_ones_are_none() {
    R4 r4 = R4.definitions();

    assertThat(List.of("Patient", "Observation", "Bundle", "VisionPrescription"))
        .allMatch(name -> r4.resource(name) != null);
    assertThat(List.of("Resource", "DomainResource", "HumanName", "Patient.contact", "patient"))
        .allMatch(name -> r4.resource(name) == null);
  }
}
