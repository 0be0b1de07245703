package org.clinisandbox.fhir;

import static org.clinisandbox.fhir.Samples.entry;
import static org.clinisandbox.fhir.Samples.json;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The same entries as a valid bundle of each type. */
final class BundleTypes {
  static final List<String> WITH_DATA =
      List.of("collection", "searchset", "document", "message", "transaction", "batch", "history");

  private static final String COMPOSITION =
      entry(
          "urn:uuid:44444444-4444-4444-8444-444444444444",
          "{'resourceType':'Composition','id':'doc','status':'final','type':{'text':'note'},"
              + "'date':'2026-01-02','title':'Note','author':[{'display':'Dr House'}],'subject':"
              + "{'reference':'"
              + Samples.PATIENT_URL
              + "'}}");
  private static final String MESSAGE_HEADER =
      entry(
          "urn:uuid:55555555-5555-4555-8555-555555555555",
          "{'resourceType':'MessageHeader','id':'msg','eventUri':'http://events.example/new',"
              + "'source':{'endpoint':'http://source.example'},'focus':[{'reference':'"
              + Samples.PATIENT_URL
              + "'}]}");

  private BundleTypes() {}

  /** The entries should name the patient of {@link Samples#PATIENT_URL}. */
  static ObjectNode of(String type, String... entries) {
    ObjectNode bundle = json("{'resourceType':'Bundle'}").put("type", type);
    ArrayNode all = bundle.putArray("entry");
    switch (type) {
      case "document" -> {
        bundle.putObject("identifier").put("system", "urn:ietf:rfc:3986").put("value", "urn:oid:1");
        bundle.put("timestamp", "2026-01-02T03:04:05Z");
        all.add(json(COMPOSITION));
      }
      case "message" -> all.add(json(MESSAGE_HEADER));
      case "searchset", "history" -> bundle.put("total", entries.length);
      default -> {}
    }
    for (String each : entries) {
      all.add(json(each));
    }
    for (JsonNode each : all) {
      complete((ObjectNode) each, type);
    }
    return bundle;
  }

  private static void complete(ObjectNode entry, String type) {
    switch (type) {
      case "searchset" -> entry.putObject("search").put("mode", "match");
      case "transaction", "batch", "history" ->
          entry
              .putObject("request")
              .put("method", "POST")
              .put("url", entry.path("resource").path("resourceType").stringValue());
      default -> {}
    }
    if (type.equals("history") || type.endsWith("-response")) {
      entry
          .putObject("response")
          .put("status", "201")
          .put("lastModified", "2026-01-02T03:04:05Z")
          .put("etag", "W/\"1\"");
    }
  }
}
