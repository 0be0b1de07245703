package org.clinisandbox.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelVersionTest {
  /** The example of Semantic Versioning section 11, with a few more at its ends. */
  private static final List<String> ASCENDING =
      List.of(
          "0.9",
          "1.0.0-1",
          "1.0.0-alpha",
          "1.0.0-alpha.1",
          "1.0.0-alpha.beta",
          "1.0.0-beta",
          "1.0.0-beta.2",
          "1.0.0-beta.11",
          "1.0.0-rc.1",
          "1.0.0",
          "1.9",
          "1.10",
          "2",
          "10.0.0",
          "99999999999999999999.0.0");

  @Test
  void precedence_is_that_of_semantic_versioning() {
    List<ModelVersion> versions =
        new ArrayList<>(ASCENDING.stream().map(ModelVersion::new).toList());
    Collections.reverse(versions);
    Collections.sort(versions);
    assertThat(versions).extracting(ModelVersion::text).containsExactlyElementsOf(ASCENDING);
  }

  @Test
  void missing_parts_are_0_and_the_build_is_ignored() {
    assertThat(new ModelVersion("1.0")).isEqualByComparingTo(new ModelVersion("1.0.0"));
    assertThat(new ModelVersion("1")).isEqualByComparingTo(new ModelVersion("1.0.0+build.7"));
    assertThat(new ModelVersion("1-rc")).isEqualByComparingTo(new ModelVersion("1.0.0-rc+b"));
  }

  @Test
  void the_text_is_kept_exactly() {
    assertThat(new ModelVersion("1.0")).isNotEqualTo(new ModelVersion("1.0.0"));
    assertThat(new ModelVersion("1.0+b").text()).isEqualTo("1.0+b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v1", "1.", "1.2.3.4", "01.2", "1.0-", "1.0-a..b", "1.0-01", "1 .0", "1.0+"})
  void other_texts_are_refused(String text) {
    assertThat(ModelVersion.isVersion(text)).isFalse();
    assertThatThrownBy(() -> new ModelVersion(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_version_is_at_most_64_characters() {
    assertThat(ModelVersion.isVersion("1.0-" + "a".repeat(60))).isTrue();
    assertThat(ModelVersion.isVersion("1.0-" + "a".repeat(61))).isFalse();
  }
}
