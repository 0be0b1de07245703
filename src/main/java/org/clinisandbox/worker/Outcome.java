package org.clinisandbox.worker;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.ModelReply;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is recorded of a model's answer: the result, the same as a FHIR RiskAssessment, and where it
 * ran.
 *
 * @param mock no model ran
 */
record Outcome(Manifest manifest, ModelReply reply, boolean mock, Instant at) {
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);
  private static final Pattern REFERENCE = Pattern.compile("[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}");
  private static final String ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
  private static final String OBSERVATION_VALUE =
      "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

  /**
   * All of it.
   *
   * @param image digest of the image that ran; null for the mock
   */
  ObjectNode json(
      UUID job,
      JsonNode inputs,
      @Nullable String image,
      Backend backend,
      Duration ready,
      Duration run,
      byte[] digest) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.putObject("model")
        .put("key", manifest.key())
        .put("version", manifest.version())
        .put("digest", image);
    json.set("result", result());
    json.put("intended_use", manifest.card().get("intended_use"));
    json.set("fhir", riskAssessment(job, inputs));
    json.putObject("sandbox")
        .put("backend", backend.name())
        .put("isolation", backend.isolation().label())
        .put("fresh", true)
        .put("ready_ms", ready.toMillis())
        .put("run_ms", run.toMillis());
    json.put("input_digest", "hmac-sha256:" + HexFormat.of().formatHex(digest));
    if (mock) {
      json.put("mock", true);
    }
    return json;
  }

  private ObjectNode result() {
    ObjectNode result = Json.MAPPER.createObjectNode();
    result.put("outcome", reply.outcome());
    result.put("score", reply.score());
    result.put("unit", reply.unit());
    result.put("probability", reply.probability());
    result.put("qualitative", reply.qualitative());
    result.put("rationale", reply.rationale());
    result.set("details", reply.details());
    return result;
  }

  /**
   * A valid R4 RiskAssessment. Its probability is a percentage (rule ras-2), where ours goes from 0
   * to 1. It is labelled as made by a machine, or as test data when it is the mock's.
   */
  private ObjectNode riskAssessment(UUID job, JsonNode inputs) {
    ObjectNode risk = Json.MAPPER.createObjectNode();
    risk.put("resourceType", "RiskAssessment");
    risk.put("id", job.toString());
    ObjectNode label = risk.putObject("meta").putArray("security").addObject();
    if (mock) {
      label.put("system", ACT_REASON).put("code", "HTEST").put("display", "test health data");
    } else {
      label.put("system", OBSERVATION_VALUE).put("code", "AIAST");
      label.put("display", "Artificial Intelligence asserted");
    }
    risk.put("status", "final");
    risk.putObject("method").put("text", manifest.name() + " " + manifest.version());
    Coding outcome = manifest.output().outcome();
    if (outcome != null) {
      coding(risk.putObject("code"), outcome);
    }
    risk.putObject("subject").put("display", "the patient of the request");
    risk.put("occurrenceDateTime", at.toString());
    risk.putObject("performer").put("type", "Device").put("display", manifest.name());
    var basis = risk.putArray("basis");
    inputs
        .valueStream()
        .map(input -> input.path("source").asString(""))
        .filter(source -> REFERENCE.matcher(source).matches())
        .distinct()
        .forEach(source -> basis.addObject().put("reference", source));
    if (basis.isEmpty()) {
      risk.remove("basis");
    }
    ObjectNode prediction = risk.putArray("prediction").addObject();
    prediction.putObject("outcome").put("text", reply.outcome());
    if (reply.probability() != null) {
      prediction.put(
          "probabilityDecimal", reply.probability().multiply(PERCENT).stripTrailingZeros());
    }
    if (reply.qualitative() != null) {
      prediction.putObject("qualitativeRisk").put("text", reply.qualitative());
    }
    if (reply.score() != null) {
      String unit = reply.unit() == null ? "" : " " + reply.unit();
      risk.putArray("note").addObject().put("text", "Score: " + reply.score() + unit);
    }
    return risk;
  }

  private static void coding(ObjectNode concept, Coding coding) {
    ObjectNode json = concept.putArray("coding").addObject();
    json.put("system", coding.system()).put("code", coding.code());
    if (coding.display() != null) {
      json.put("display", coding.display());
    }
  }
}
