package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every negotiation ends, whoever is on the other side. */
class DialogueEndsTest {
  private static final int TRIES = 120;

  /** Who answers. */
  enum Client {
    OBEDIENT,
    WRONG_VALUES,
    DECLINING,
    SILENT,
    REPEATING,
    MALICIOUS
  }

  /** One negotiation. */
  private static final class Talk {
    private final Client client;
    private final Random random;
    private final Manifest manifest;
    private final Negotiator negotiator;
    private Dialogue dialogue;

    Talk(Client client, long seed) {
      this.client = client;
      this.random = new Random(seed);
      this.manifest = RandomModels.manifest(random);
      this.negotiator = new Negotiator(manifest);
      this.dialogue = Dialogue.of(RandomRecords.record(random));
    }

    /** How many answers it took. */
    int run() {
      for (int turn = 0; turn <= Dialogue.MOST_TURNS + 1; turn++) {
        Instant now = NOW.plusSeconds(60L * turn);
        Verdict verdict = dialogue.weigh(negotiator, now);
        FormsAgree.check(verdict, manifest);
        if (!(verdict instanceof Verdict.DataRequired required) || required.closed()) {
          return turn;
        }
        JsonNode form =
            Objects.requireNonNull(
                FhirAnswer.questionnaire(required.gaps(), manifest, Given.ENGLISH));
        Dialogue before = dialogue;
        Answers answers = answers(form, required.gaps(), now);
        dialogue = through(dialogue.with(answers));
        assertThat(dialogue.digests()).hasSize(before.digests().size() + 1);
        if (client == Client.REPEATING) {
          assertThat(dialogue.with(answers)).isSameAs(dialogue);
        }
      }
      throw new AssertionError("it does not end");
    }

    /** As it is kept between two answers. */
    private static Dialogue through(Dialogue dialogue) {
      return Dialogue.fromJson(Json.MAPPER.readTree(dialogue.toJson().toString()));
    }

    private Answers answers(JsonNode form, List<Gap> gaps, Instant now) {
      return switch (client) {
        case OBEDIENT -> taken(Obedient.answer(form, gaps, manifest, random, now));
        case WRONG_VALUES -> taken(spoilt(form, now, "{\"valueString\": \"no idea\"}"));
        case DECLINING ->
            taken(
                spoilt(
                    form,
                    now,
                    Replies.absent(random.nextBoolean() ? "asked-declined" : "asked-unknown")));
        case SILENT, REPEATING -> taken(spoilt(form, now, null));
        case MALICIOUS -> malicious(form, gaps, now);
      };
    }

    private Answers taken(ObjectNode response) {
      return Replies.taken(response, manifest);
    }

    private Answers malicious(JsonNode form, List<Gap> gaps, Instant now) {
      ObjectNode obedient = Obedient.answer(form, gaps, manifest, random, now);
      return switch (random.nextInt(4)) {
        // About the future, about nobody's past, about somebody else, or under the same id again.
        case 0 -> taken(obedient.put("authored", now.plusSeconds(86_400 * 365L).toString()));
        case 1 -> taken(obedient.put("authored", "1900").put("id", "q"));
        case 2 -> {
          obedient.putObject("subject").put("reference", "Patient/other");
          yield ((Extraction.Result.Taken) Extraction.of(obedient, manifest, false, now)).answers();
        }
        default -> {
          ObjectNode bundle = RandomRecords.record(random);
          yield Answers.ofBundle(bundle.put("id", "b" + now.getEpochSecond()));
        }
      };
    }

    /** Every question with this answer, or with none; patient's facts are declined at most. */
    private ObjectNode spoilt(JsonNode form, Instant now, @Nullable String answer) {
      List<ObjectNode> items = new ArrayList<>();
      for (JsonNode item : form.path("item")) {
        JsonNode asked = item.has("item") && !item.has("repeats") ? item.at("/item/0") : item;
        boolean patient = asked.has("definition");
        String name = asked.path("linkId").stringValue();
        items.add(
            answer == null || (patient && !answer.contains("extension"))
                ? Replies.item(name)
                : Replies.item(name, answer));
      }
      ObjectNode response = Replies.response(items.toArray(ObjectNode[]::new));
      response.remove("subject");
      return response.put("authored", now.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void every_negotiation_ends(Client client) {
    int longest = 0;
    for (long seed = 0; seed < TRIES; seed++) {
      try {
        longest = Math.max(longest, new Talk(client, seed).run());
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(client + ", seed " + seed + ": " + e.getMessage(), e);
      }
    }
    // What each can be held to: without the limits, some of them would never end.
    Map<Client, Integer> most = new EnumMap<>(Client.class);
    most.put(Client.OBEDIENT, 1);
    most.put(Client.DECLINING, 3);
    assertThat(longest)
        .isPositive()
        .isLessThanOrEqualTo(most.getOrDefault(client, Dialogue.MOST_TURNS));
    if (client == Client.SILENT || client == Client.REPEATING) {
      assertThat(longest).isEqualTo(Dialogue.MOST_TURNS);
    }
  }
}
