package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a model declares.
 *
 * @param key the model's name among models, as {@code sepsis}
 * @param version its version, as written
 * @param name what people call it
 * @param image where its program is: {@code wasm:PATH[@sha256:HEX]}, {@code oci:…} or {@code
 *     mock/…}
 * @param protocol how it is spoken with
 * @param minimum the weakest isolation it agrees to run in
 * @param population whom it was made for
 * @param requirements what it needs: patient facts, observations, conditions, medications, groups,
 *     rules, each kind in the manifest's order; an option of a group stands in its group alone
 * @param settings what an operator can choose for it
 * @param output what it gives
 * @param cases tests that a vendor ships
 * @param card free text for people, by its name; {@code intended_use} is shown with each result
 */
public record Manifest(
    String key,
    String version,
    String name,
    String image,
    Protocol protocol,
    Isolation minimum,
    Limits limits,
    Population population,
    List<Requirement> requirements,
    List<ModelSetting> settings,
    Output output,
    List<Case> cases,
    Map<String, String> card) {

  public Manifest {
    requirements = List.copyOf(requirements);
    settings = List.copyOf(settings);
    cases = List.copyOf(cases);
    card = Map.copyOf(card);
  }

  /** A manifest that asks for nothing but facts of the patient. */
  public static Manifest ofPatient(Population population, List<Requirement> facts) {
    return new Manifest(
        "patient",
        "1",
        "Facts of the patient",
        "mock/patient",
        Protocol.JSON_LINES,
        Isolation.NONE,
        Limits.DEFAULT,
        population,
        facts,
        List.of(),
        Output.ANY,
        List.of(),
        Map.of());
  }

  /** The inputs that a model may receive, by requirement; rules are none. */
  public List<Requirement> inputs() {
    return requirements.stream()
        .flatMap(
            requirement ->
                switch (requirement) {
                  case Requirement.OfGroup group -> group.options().stream();
                  case Requirement.OfRule rule -> Stream.<Requirement>empty();
                  case Requirement.OfPatient patient -> Stream.of(patient);
                  case Requirement.OfObservation observation -> Stream.of(observation);
                  case Requirement.OfStatement statement -> Stream.of(statement);
                })
        .toList();
  }

  /** Whom a model was made for: ages in completed years; an empty set of sexes means any. */
  public record Population(Requirement.@Nullable Range age, Set<String> sexes) {
    /** Everybody. */
    public static final Population ANY = new Population(null, Set.of());

    public Population {
      sexes = Set.copyOf(sexes);
    }
  }

  /**
   * What a model gives.
   *
   * @param outcome what the outcome means, as a code; null when the manifest names none
   * @param score bounds of the score; null when unbounded
   * @param unit UCUM unit of the score; null when it has none
   * @param schema a JSON Schema (2020-12, of the keywords that docs/models.md lists) of a reply's
   *     details; null when anything goes
   */
  public record Output(
      org.clinisandbox.fhir.@Nullable Coding outcome,
      Requirement.@Nullable Range score,
      @Nullable String unit,
      @Nullable JsonNode schema) {
    /** Anything goes that the protocol allows. */
    public static final Output ANY = new Output(null, null, null, null);
  }

  /**
   * A choice of the operator's, handed to the model with each request.
   *
   * @param fallback what holds when the operator has chosen nothing
   */
  public record ModelSetting(String name, List<String> allowed, String fallback) {
    public ModelSetting {
      allowed = List.copyOf(allowed);
    }
  }

  /**
   * A test: these inputs must give this reply.
   *
   * @param inputs as the model receives them: a number, a word, or {@code {"value","unit"}}
   * @param settings what the operator has chosen, where it is not the fallback
   * @param expect fields of the reply; numbers may differ by {@code tolerance}
   * @param tolerance absolute; 0 unless given
   */
  public record Case(
      String name,
      JsonNode inputs,
      Map<String, String> settings,
      JsonNode expect,
      BigDecimal tolerance) {
    public Case {
      settings = Map.copyOf(settings);
    }
  }
}
