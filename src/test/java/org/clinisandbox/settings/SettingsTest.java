package org.clinisandbox.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @TempDir Path folder;

  private static Settings load(Map<String, String> environment) {
    return Settings.load(environment, Map.of());
  }

  @Test
  void every_default_is_what_the_page_of_settings_says() throws IOException {
    String page = Files.readString(Path.of("docs/settings.md"));

    for (Setting setting : Setting.values()) {
      String shown = setting.defaultValue() == null ? "" : "`" + setting.defaultValue() + "`";
      assertThat(page)
          .contains("| `" + setting + "` | " + shown + " | " + setting.meaning() + " |");
    }
  }

  @Test
  void an_unknown_setting_of_ours_is_an_error_that_names_it() {
    assertThatThrownBy(() -> load(Map.of("CLINISANDBOX_PROT", "1")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("CLINISANDBOX_PROT");
  }

  @Test
  void variables_of_others_are_none_of_our_business() {
    assertThat(load(Map.of("PATH", "/bin", "JAVA_HOME", "/jdk")).port()).isEqualTo(8000);
  }

  @ParameterizedTest
  @CsvSource({
    "CLINISANDBOX_PORT, 70000, CLINISANDBOX_PORT",
    "CLINISANDBOX_PORT, eight, CLINISANDBOX_PORT",
    "CLINISANDBOX_WORKERS, 0, CLINISANDBOX_WORKERS",
    "CLINISANDBOX_MAX_BODY, 129Mi, CLINISANDBOX_MAX_BODY",
    "CLINISANDBOX_AUTH, none, CLINISANDBOX_AUTH",
    "USE_REAL_VM, maybe, USE_REAL_VM",
    "CLINISANDBOX_TENANT_ISOLATION, ward=strong, CLINISANDBOX_TENANT_ISOLATION",
    "CLINISANDBOX_WARM_MEMORY, much, CLINISANDBOX_WARM_MEMORY",
    "CLINISANDBOX_IMAGES_SIZE, 1Ti, CLINISANDBOX_IMAGES_SIZE",
    "DATABASE_URL, postgresql://a@b/c, REDIS_URL"
  })
  void a_value_that_cannot_be_used_stops_the_start(String name, String value, String said) {
    assertThatThrownBy(() -> load(Map.of(name, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(said);
  }

  @Test
  void settings_that_contradict_each_other_are_named_both_without_their_values() {
    assertThatThrownBy(
            () ->
                load(
                    Map.of(
                        "CLINISANDBOX_MASTER_KEY", "top-secret",
                        "CLINISANDBOX_MASTER_KEY_FILE", "/keys/master.key")))
        .hasMessageContainingAll("CLINISANDBOX_MASTER_KEY ", "CLINISANDBOX_MASTER_KEY_FILE")
        .hasMessageNotContaining("top-secret");
  }

  @Test
  void all_mistakes_are_told_at_once() {
    assertThatThrownBy(() -> load(Map.of("CLINISANDBOX_PORT", "x", "USE_REAL_VM", "x")))
        .hasMessageContainingAll("CLINISANDBOX_PORT", "USE_REAL_VM");
  }

  @Test
  void a_flag_beats_the_environment_which_beats_the_file() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("settings.yaml"),
            "CLINISANDBOX_PORT: 1\nCLINISANDBOX_WORKERS: 3\nCLINISANDBOX_MAX_BODY: 1Mi\n");
    Settings settings =
        Settings.load(
            Map.of(
                "CLINISANDBOX_CONFIG", file.toString(),
                "CLINISANDBOX_PORT", "2",
                "CLINISANDBOX_WORKERS", "4"),
            Map.of(Setting.CLINISANDBOX_PORT, "5"));

    assertThat(settings.port()).isEqualTo(5);
    assertThat(settings.workers()).isEqualTo(4);
    assertThat(settings.maxBody()).isEqualTo(1 << 20);
  }

  @Test
  void an_unknown_setting_in_the_file_is_an_error_too() throws IOException {
    Path file = Files.writeString(folder.resolve("settings.yaml"), "PORT: 1\n");

    assertThatThrownBy(() -> load(Map.of("CLINISANDBOX_CONFIG", file.toString())))
        .hasMessageContaining("PORT");
  }

  @Test
  void the_key_database_is_beside_the_main_one_unless_it_is_named() {
    Map<String, String> urls =
        Map.of("DATABASE_URL", "postgresql://u:p@db:5432/main?ssl=true", "REDIS_URL", "redis://r");

    assertThat(load(urls).keysDatabaseUrl())
        .isEqualTo("postgresql://u:p@db:5432/main_keys?ssl=true");
  }

  @Test
  void no_secret_is_shown_as_text() {
    assertThat(load(Map.of("CLINISANDBOX_MASTER_KEY", "top-secret")).toString())
        .doesNotContain("top-secret");
  }
}
