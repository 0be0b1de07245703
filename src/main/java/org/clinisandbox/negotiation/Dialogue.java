package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.Additions;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.PatientAnswers.Told;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A negotiation of several turns: the first bundle and all that was answered since. It always ends:
 * a question that was answered {@value #MOST_TRIES} times without a usable value is not asked
 * again, and after {@value #MOST_TURNS} answers none is.
 *
 * @param bundle the first bundle with the answers' resources
 * @param patient what was answered about the patient
 * @param replies the questions that got no value
 * @param tries how often each requirement was answered with a value
 * @param digests of the answers taken, so that the same one twice changes nothing
 */
public record Dialogue(
    JsonNode bundle,
    PatientAnswers patient,
    Map<String, Unanswered> replies,
    Map<String, Integer> tries,
    Set<String> digests) {
  static final int MOST_TURNS = 20;
  static final int MOST_TRIES = 3;

  public Dialogue {
    replies = Map.copyOf(replies);
    tries = Map.copyOf(tries);
    digests = Set.copyOf(digests);
  }

  /** Before the first answer. */
  public static Dialogue of(JsonNode bundle) {
    return new Dialogue(bundle, PatientAnswers.NONE, Map.of(), Map.of(), Set.of());
  }

  /** With an answer; the same when it was taken before, or when no further one is taken. */
  public Dialogue with(Answers answers) {
    if (digests.contains(answers.digest()) || digests.size() >= MOST_TURNS) {
      return this;
    }
    Map<String, Unanswered> silent = new HashMap<>(replies);
    answers.answered().forEach(silent::remove);
    silent.putAll(answers.replies());
    Map<String, Integer> counts = new HashMap<>(tries);
    answers.answered().forEach(name -> counts.merge(name, 1, Integer::sum));
    Set<String> seen = new LinkedHashSet<>(digests);
    seen.add(answers.digest());
    return new Dialogue(
        Additions.merge(bundle, answers.addition()),
        patient.then(answers.patient()),
        silent,
        counts,
        seen);
  }

  /** What the model makes of it now. */
  public Verdict weigh(Negotiator negotiator, Instant now) {
    Facts recorded = BundleCheck.facts(bundle);
    Facts facts =
        new Facts(
            patient.over(recorded.patient()),
            recorded.observations(),
            recorded.statements(),
            recorded.bundle());
    return patient.credit(negotiator.negotiate(facts, replies(negotiator), now));
  }

  private Map<String, Unanswered> replies(Negotiator negotiator) {
    Map<String, Unanswered> all = new HashMap<>(replies);
    Set<String> enough =
        digests.size() >= MOST_TURNS
            ? negotiator.names()
            : tries.entrySet().stream()
                .filter(entry -> entry.getValue() >= MOST_TRIES)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    for (String name : enough) {
      all.merge(
          name,
          Unanswered.TOO_OFTEN,
          (reply, often) -> reply == Unanswered.WRONG_SUBJECT ? often : reply);
    }
    return all;
  }

  /** As JSON, from which {@link #fromJson} makes the same again. It is PHI. */
  public ObjectNode toJson() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("bundle", bundle);
    ObjectNode answered = json.putObject("patient");
    put(answered, "birth_date", patient.birthDate());
    put(answered, "gender", patient.gender());
    put(answered, "race", patient.race());
    ObjectNode silent = json.putObject("replies");
    replies.forEach((name, reply) -> silent.put(name, reply.name()));
    ObjectNode counts = json.putObject("tries");
    tries.forEach(counts::put);
    ArrayNode seen = json.putArray("digests");
    digests.forEach(seen::add);
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable Told told) {
    if (told != null) {
      json.putObject(name).put("word", told.word()).put("source", told.source());
    }
  }

  private static @Nullable Told told(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new Told(json.path("word").stringValue(), json.path("source").stringValue());
  }

  /** The dialogue that {@link #toJson} wrote. */
  public static Dialogue fromJson(JsonNode json) {
    JsonNode answered = json.path("patient");
    Map<String, Unanswered> silent = new HashMap<>();
    json.path("replies")
        .forEachEntry((name, reply) -> silent.put(name, Unanswered.valueOf(reply.stringValue())));
    Map<String, Integer> counts = new HashMap<>();
    json.path("tries").forEachEntry((name, count) -> counts.put(name, count.intValue()));
    Set<String> seen = new LinkedHashSet<>();
    json.path("digests").forEach(digest -> seen.add(digest.stringValue()));
    return new Dialogue(
        json.path("bundle"),
        new PatientAnswers(
            told(answered.path("birth_date")),
            told(answered.path("gender")),
            told(answered.path("race"))),
        silent,
        counts,
        seen);
  }
}
