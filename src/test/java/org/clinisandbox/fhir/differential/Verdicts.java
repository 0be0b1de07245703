package org.clinisandbox.fhir.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import ca.uhn.fhir.util.VersionUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.clinisandbox.fhir.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The oracle's verdicts, kept on disk below {@code target}: the oracle is slow, the same bundles
 * come again, and a clean build has none of them. They are found by the bundle's bytes, HAPI's
 * version and the oracle's own class, so that no other set-up's verdict is taken for this one's.
 */
final class Verdicts {
  private final Path folder;
  private int asked;

  private Verdicts(Path folder) {
    this.folder = folder;
  }

  static Verdicts kept() {
    try (InputStream code = Oracle.class.getResourceAsStream("Oracle.class")) {
      if (code == null) {
        throw new IllegalStateException("the oracle's class is missing from the class path");
      }
      String key = VersionUtil.getVersion() + "-" + hash(code.readAllBytes()).substring(0, 12);
      return new Verdicts(Files.createDirectories(Path.of("target", "oracle", key)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Verdict of(JsonNode bundle) {
    String json = Json.MAPPER.writeValueAsString(bundle);
    Path file = folder.resolve(hash(json.getBytes(UTF_8)) + ".json");
    try {
      if (Files.exists(file)) {
        return Json.MAPPER.readValue(Files.readAllBytes(file), Verdict.class);
      }
      Verdict verdict = Oracle.shared().verdict(json);
      asked++;
      Path part = Files.createTempFile(folder, "part", null);
      Files.write(part, Json.MAPPER.writeValueAsBytes(verdict));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return verdict;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JacksonException e) {
      throw new IllegalStateException("delete " + file, e);
    }
  }

  /** How many had to be asked of HAPI. */
  int asked() {
    return asked;
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
