package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;
import org.clinisandbox.registry.Manifest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** That a verdict's forms all name the same gaps, in the same order. */
final class FormsAgree {
  private FormsAgree() {}

  static void check(Verdict verdict, Manifest manifest) {
    List<Gap> gaps = Given.gaps(verdict);
    List<String> all = gaps.stream().map(Gap::name).toList();
    List<String> askable = gaps.stream().filter(gap -> gap.askable()).map(Gap::name).toList();
    ObjectNode guidance =
        FhirAnswer.guidanceResponse(
            verdict, manifest, new FhirAnswer.Turn("g", "n", null, Given.NOW, Given.ENGLISH));
    assertThat(texts(GapJson.gaps(gaps, Given.ENGLISH), "/name")).isEqualTo(all);
    if (!all.isEmpty()) {
      assertThat(texts(FhirAnswer.operationOutcome(verdict).path("issue"), "/details/text"))
          .isEqualTo(gaps.stream().map(gap -> gap.name() + ": " + gap.reason().label()).toList());
    }
    assertThat(texts(guidance.path("dataRequirement"), "/id")).isEqualTo(askable);
    assertThat(texts(guidance.at("/contained/1/parameter/0/resource/item"), "/linkId"))
        .isEqualTo(askable);
    assertThat(texts(guidance.at("/contained/0/issue"), "/details/text")).hasSameSizeAs(all);
    options(gaps, guidance.at("/contained/1/parameter/0/resource/item"));
  }

  /** A group names the same options everywhere, and asks for those that can be asked. */
  private static void options(List<Gap> gaps, JsonNode items) {
    JsonNode json = GapJson.gaps(gaps, Given.ENGLISH);
    for (int i = 0; i < gaps.size(); i++) {
      Gap gap = gaps.get(i);
      assertThat(texts(json.get(i).path("options"), "/name"))
          .isEqualTo(gap.options().stream().map(Gap::name).toList());
      if (gap.kind() == Gap.Kind.GROUP && gap.askable()) {
        List<JsonNode> item =
            items.values().stream()
                .filter(each -> each.path("linkId").asString("").equals(gap.name()))
                .toList();
        assertThat(item).hasSize(1);
        assertThat(texts(item.getFirst().path("item"), "/linkId"))
            .isEqualTo(gap.options().stream().filter(Gap::askable).map(Gap::name).toList());
      }
    }
  }

  private static List<String> texts(JsonNode array, String pointer) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(node -> node.at(pointer).asString())
        .toList();
  }
}
