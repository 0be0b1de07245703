package org.clinisandbox.fhir.differential;

import java.util.List;
import java.util.Locale;
import org.clinisandbox.fhir.differential.Change.Scene;

/** Other texts in the place of a text. */
final class Texts {
  private static final String UUID = "c757873d-ec9a-4326-a141-556f43239520";

  private Texts() {}

  static String any(Slot slot, Scene scene) {
    String text = slot.value().isString() ? slot.value().stringValue() : "";
    int middle = text.length() / 2;
    return switch (scene.random().nextInt(12)) {
      case 0 -> text.substring(0, middle);
      case 1 -> text + " ";
      case 2 -> " " + text;
      case 3 -> text.substring(0, middle) + " " + text.substring(middle);
      case 4 -> text.toUpperCase(Locale.ROOT);
      case 5 -> text.toLowerCase(Locale.ROOT);
      case 6 -> text + "\n";
      case 7 -> text + "\u0001";
      case 8 -> text.substring(0, middle) + "  " + text.substring(middle);
      case 9 -> text + "é😀";
      case 10 -> text + text;
      default -> " ";
    };
  }

  static String code(String text, Scene scene) {
    return scene.pick(
        List.of(
            text + "x",
            text.toUpperCase(Locale.ROOT),
            "unknown",
            "final",
            "active",
            "other",
            "completed",
            text + " " + text,
            text + "  " + text,
            " " + text,
            "X",
            "en",
            "kg"));
  }

  static String time(String text, Scene scene) {
    String date = text.length() >= 10 ? text.substring(0, 10) : "2015-02-07";
    return scene.pick(
        List.of(
            date.substring(0, 4),
            date.substring(0, 7),
            date,
            date + "T10:00:00",
            date + "T10:00Z",
            date + "T10:00:00Z",
            date + "T24:00:00Z",
            date + "T23:59:60Z",
            date + "T23:60:00Z",
            date + "T10:00:00.123456789+14:00",
            date + "T10:00:00+14:01",
            date + "T10:00:00+15:00",
            date + "T10:00:00-00:00",
            date + "t10:00:00z",
            date + " 10:00:00Z",
            date + "T10:00:00+0100",
            date + "Z",
            "2015-02-30",
            "2015-13-01",
            "2015-00-01",
            "2015-1-1",
            "0000-01-01",
            "0001",
            "9999-12-31",
            "10000-01-01",
            "20150101",
            "10:00:00",
            "10:00",
            "1850-01-01",
            "never"));
  }

  static String uri(String text, Scene scene) {
    return scene.pick(
        List.of(
            text + "|1.0.0",
            text + "|",
            text + "#a",
            text + "#",
            text + " x",
            text + "/",
            text + "?a=b|c",
            text + "<>",
            "relative/one",
            "http://",
            "http:",
            "urn:uuid:" + UUID,
            "urn:uuid:" + UUID.toUpperCase(Locale.ROOT),
            "urn:uuid:123",
            "urn:oid:1.2.3",
            "urn:oid:1.02.3",
            "urn:oid:3.1",
            "urn:ietf:rfc:3986",
            "HTTP://EXAMPLE.ORG/A",
            "http://hl7.org/fhir/nothing",
            "http://loinc.org",
            "http://snomed.info/sct",
            "http://unitsofmeasure.org"));
  }

  static String reference(Scene scene) {
    return scene.pick(
        List.of(
            "Patient/1",
            "Practitioner/1",
            "Organization/1",
            "Observation/1",
            "Foo/1",
            "patient/1",
            "Patient/",
            "Patient",
            "1",
            "#",
            "#x",
            "#1",
            "Patient/1/_history/2",
            "Patient/1/_history/",
            "Patient/a b",
            "Patient/" + "a".repeat(65),
            "Patient/ä",
            "http://example.org/fhir/Patient/1",
            "http://example.org/fhir/Medication/1",
            "http://example.org/nothing",
            "urn:uuid:" + UUID,
            "urn:uuid:123",
            "urn:oid:1.2.3",
            "Patient?identifier=a|b",
            "Patient/1#a",
            "/Patient/1",
            "../Patient/1",
            "//a"));
  }
}
