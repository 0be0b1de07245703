package org.clinisandbox.negotiation;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a client answered.
 *
 * @param digest the same for the same answer: SHA-256 of its JSON, in hex
 * @param addition a Bundle with the new resources
 * @param replies the questions that got no value, by requirement
 * @param answered the requirements that got one, usable or not
 * @param patient what was answered about the patient
 */
public record Answers(
    String digest,
    JsonNode addition,
    Map<String, Unanswered> replies,
    Set<String> answered,
    PatientAnswers patient) {
  public Answers {
    replies = Map.copyOf(replies);
    answered = Set.copyOf(answered);
  }

  /** A Bundle of new resources, which answers no question by name. */
  public static Answers ofBundle(JsonNode addition) {
    return new Answers(Digest.of(addition), addition, Map.of(), Set.of(), PatientAnswers.NONE);
  }
}
