package org.clinisandbox.fhir;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.StatementFact.Kind;
import org.clinisandbox.fhir.StatementFact.Standing;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads conditions and medications. Whether one holds, the first that fits:
 *
 * <table>
 *   <caption>Standing</caption>
 *   <tr><td>Condition</td><td>verificationStatus entered-in-error</td><td>VOID</td></tr>
 *   <tr><td></td><td>verificationStatus refuted</td><td>DENIED</td></tr>
 *   <tr><td></td><td>verificationStatus unconfirmed, provisional, differential</td>
 *     <td>UNSURE</td></tr>
 *   <tr><td></td><td>clinicalStatus inactive, remission, resolved; none, with an abatement</td>
 *     <td>PAST</td></tr>
 *   <tr><td></td><td>clinicalStatus active, recurrence, relapse; none</td><td>HOLDS</td></tr>
 *   <tr><td>MedicationStatement</td><td>entered-in-error</td><td>VOID</td></tr>
 *   <tr><td></td><td>not-taken</td><td>DENIED</td></tr>
 *   <tr><td></td><td>active, also when its period has ended: the time is not known here</td>
 *     <td>HOLDS</td></tr>
 *   <tr><td></td><td>completed, stopped</td><td>PAST</td></tr>
 *   <tr><td></td><td>intended, on-hold, unknown</td><td>UNSURE</td></tr>
 *   <tr><td>MedicationRequest</td><td>entered-in-error, cancelled</td><td>VOID</td></tr>
 *   <tr><td></td><td>active, doNotPerform</td><td>DENIED</td></tr>
 *   <tr><td></td><td>active, an order of any kind</td><td>HOLDS</td></tr>
 *   <tr><td></td><td>active, proposal, plan or option</td><td>UNSURE</td></tr>
 *   <tr><td></td><td>completed, stopped</td><td>PAST</td></tr>
 *   <tr><td></td><td>draft, on-hold, unknown</td><td>UNSURE</td></tr>
 * </table>
 */
final class StatementReader {
  private static final String CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
  private static final String VERIFICATION =
      "http://terminology.hl7.org/CodeSystem/condition-ver-status";

  private StatementReader() {}

  static StatementFact condition(Located located, Subject subject) {
    JsonNode condition = located.resource();
    return new StatementFact(
        Kind.CONDITION,
        located.source(),
        Nodes.codings(condition.get("code")),
        standing(condition),
        since(condition, "onset", "recordedDate"),
        subject);
  }

  static StatementFact medicationStatement(Located located, List<Coding> codes, Subject subject) {
    JsonNode statement = located.resource();
    Standing standing =
        switch (status(statement)) {
          case "entered-in-error" -> Standing.VOID;
          case "not-taken" -> Standing.DENIED;
          case "active" -> Standing.HOLDS;
          case "completed", "stopped" -> Standing.PAST;
          default -> Standing.UNSURE;
        };
    return new StatementFact(
        Kind.MEDICATION,
        located.source(),
        codes,
        standing,
        since(statement, "effective", "dateAsserted"),
        subject);
  }

  static StatementFact medicationRequest(Located located, List<Coding> codes, Subject subject) {
    JsonNode request = located.resource();
    Standing standing =
        switch (status(request)) {
          case "entered-in-error", "cancelled" -> Standing.VOID;
          case "active" -> ordered(request);
          case "completed", "stopped" -> Standing.PAST;
          default -> Standing.UNSURE;
        };
    return new StatementFact(
        Kind.MEDICATION,
        located.source(),
        codes,
        standing,
        FhirTime.earliest(Nodes.text(request, "authoredOn")),
        subject);
  }

  private static Standing ordered(JsonNode request) {
    JsonNode not = request.get("doNotPerform");
    if (not != null && not.isBoolean() && not.booleanValue()) {
      return Standing.DENIED;
    }
    return switch (Nodes.text(request, "intent")) {
      case "order", "original-order", "reflex-order", "filler-order", "instance-order" ->
          Standing.HOLDS;
      case null, default -> Standing.UNSURE;
    };
  }

  private static Standing standing(JsonNode condition) {
    JsonNode verification = condition.get("verificationStatus");
    if (has(verification, VERIFICATION, "entered-in-error")) {
      return Standing.VOID;
    }
    if (has(verification, VERIFICATION, "refuted")) {
      return Standing.DENIED;
    }
    if (has(verification, VERIFICATION, "unconfirmed", "provisional", "differential")) {
      return Standing.UNSURE;
    }
    JsonNode clinical = condition.get("clinicalStatus");
    if (has(clinical, CLINICAL, "inactive", "remission", "resolved")) {
      return Standing.PAST;
    }
    boolean stated = has(clinical, CLINICAL, "active", "recurrence", "relapse");
    boolean abated =
        Nodes.choice(condition, "abatement") != null
            || Nodes.choice(condition, "_abatement") != null;
    return abated && !stated ? Standing.PAST : Standing.HOLDS;
  }

  private static boolean has(@Nullable JsonNode concept, String system, String... codes) {
    if (concept != null) {
      for (JsonNode coding : Nodes.elements(concept, "coding")) {
        if (system.equals(Nodes.text(coding, "system"))) {
          String code = Nodes.text(coding, "code");
          for (String each : codes) {
            if (each.equals(code)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static String status(JsonNode resource) {
    return Objects.requireNonNullElse(Nodes.text(resource, "status"), "unknown");
  }

  /** The dateTime or the Period's start of a choice; else the day that it was written down. */
  private static @Nullable Instant since(JsonNode resource, String choice, String written) {
    String at = Nodes.text(resource, choice + "DateTime");
    if (at == null) {
      at = Nodes.text(resource.path(choice + "Period"), "start");
    }
    return FhirTime.earliest(at == null ? Nodes.text(resource, written) : at);
  }
}
