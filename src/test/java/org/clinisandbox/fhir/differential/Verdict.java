package org.clinisandbox.fhir.differential;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What HAPI says of one bundle.
 *
 * @param messages those that reject; none when it accepts
 */
record Verdict(List<Message> messages) {
  Verdict {
    messages = List.copyOf(messages);
  }

  /**
   * One reason to reject.
   *
   * @param id HAPI's id of the message, or empty
   * @param place where, as HAPI writes it
   */
  record Message(String severity, String id, String place, String text) {
    /** The id, or else the first words: HAPI's parser gives no ids. */
    String kind() {
      return id.isEmpty() ? Words.masked(text) : id;
    }
  }

  boolean accepts() {
    return messages.isEmpty();
  }

  /** The kinds of its messages, each once and in order; empty when it accepts. */
  String kinds() {
    return messages.stream()
        .map(Message::kind)
        .distinct()
        .sorted()
        .collect(Collectors.joining("; "));
  }
}
