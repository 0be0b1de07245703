package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.StatementFact;
import org.clinisandbox.negotiation.Matches.Match;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;

/**
 * Many models, weighed on one record at once. An index by code finds the models that the record
 * speaks to; only those are weighed on all of it. Of the others what they need is known beforehand,
 * so that they cost nothing but their place in the answer. Pure, and safe for many threads.
 */
public final class Catalogue {
  /** How many models an answer lists at most. */
  public static final int MOST_LISTED = 1_000;

  /** How many models that the record says nothing of are looked at for what would unlock them. */
  static final int MOST_STRANGERS = 1_000;

  private static final Comparator<Match> USEFUL_FIRST =
      Comparator.<Match>comparingInt(match -> rank(match.verdict()))
          .thenComparing(match -> match.model().key());

  private final List<Negotiator> models;
  private final Items items;
  private final Map<String, BitSet> byCode = new HashMap<>();

  /** Models that can be ready though none of their codes is on record. */
  private final BitSet undemanding = new BitSet();

  /** The models, those that need the least first. */
  private final List<Integer> modest;

  public Catalogue(List<Negotiator> models) {
    this.models = List.copyOf(models);
    this.items = new Items(models.stream().map(Negotiator::manifest).toList());
    int[] needs = new int[models.size()];
    for (int i = 0; i < needs.length; i++) {
      Manifest manifest = this.models.get(i).manifest();
      for (Requirement input : manifest.inputs()) {
        for (String code : codes(input)) {
          byCode.computeIfAbsent(code, c -> new BitSet()).set(i);
        }
      }
      needs[i] = (int) manifest.requirements().stream().filter(Catalogue::isDemand).count();
      undemanding.set(i, needs[i] == 0);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < needs.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.<Integer>comparingInt(i -> needs[i]).thenComparingInt(i -> i));
    this.modest = List.copyOf(order);
  }

  private static List<String> codes(Requirement input) {
    return switch (input) {
      case OfObservation observation ->
          Codes.of(observation).stream().map(coding -> String.valueOf(coding.code())).toList();
      case OfStatement statement ->
          statement.codes().stream().map(coding -> String.valueOf(coding.code())).toList();
      case OfPatient p -> List.of();
      case OfGroup g -> List.of();
      case OfRule r -> List.of();
    };
  }

  /** Whether a requirement can't be met without something on record beside the patient. */
  private static boolean isDemand(Requirement requirement) {
    return switch (requirement) {
      case OfPatient p -> false;
      case OfRule r -> false;
      case OfObservation observation -> observation.mandatory();
      case OfStatement statement -> statement.mandatory();
      case OfGroup group -> group.mandatory();
    };
  }

  /** Weighs a record. */
  public Matches match(Facts facts, Instant now) {
    BitSet touched = touched(facts);
    List<Match> matches = new ArrayList<>();
    touched.stream().forEach(i -> matches.add(weigh(i, facts, now)));
    Facts patientAlone = new Facts(facts.patient(), List.of(), List.of(), facts.bundle());
    boolean cut = false;
    int strangers = 0;
    for (int i : modest) {
      if (!touched.get(i)) {
        if (strangers++ == MOST_STRANGERS) {
          cut = true;
          break;
        }
        matches.add(weigh(i, patientAlone, now));
      }
    }
    Unlocks unlocks = new Unlocks(items, matches);
    matches.sort(USEFUL_FIRST);
    cut |= matches.size() > MOST_LISTED;
    return new Matches(
        matches.subList(0, Math.min(MOST_LISTED, matches.size())),
        unlocks.best(),
        !cut && unlocks.complete());
  }

  private Match weigh(int model, Facts facts, Instant now) {
    Negotiator negotiator = models.get(model);
    return new Match(negotiator.manifest(), negotiator.negotiate(facts, now));
  }

  private BitSet touched(Facts facts) {
    BitSet touched = (BitSet) undemanding.clone();
    for (ObservationFact fact : facts.observations()) {
      touch(touched, fact.codes());
    }
    for (StatementFact fact : facts.statements()) {
      touch(touched, fact.codes());
    }
    return touched;
  }

  private void touch(BitSet touched, List<Coding> codes) {
    for (Coding coding : codes) {
      BitSet models = byCode.get(coding.code());
      if (models != null) {
        touched.or(models);
      }
    }
  }

  private static int rank(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ready r -> 0;
      case Verdict.DataRequired required ->
          (int) required.gaps().stream().filter(Gap::mandatory).count();
      case Verdict.NotApplicable n -> Integer.MAX_VALUE;
    };
  }
}
