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
import org.clinisandbox.negotiation.Matches.Standing;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement.OfPatient;

/**
 * Many models, weighed on one record at once. An index by code finds the models that the record
 * speaks to, and only those are weighed. To the others, the strangers, the record says no more than
 * who the patient is, and what they lack is known beforehand. Pure, and safe for many threads.
 */
public final class Catalogue {
  /** How many models an answer lists at most. */
  public static final int MOST_LISTED = 1_000;

  private static final Comparator<Match> USEFUL_FIRST =
      Comparator.comparing(Match::standing)
          .thenComparingInt(Match::needs)
          .thenComparing(match -> match.model().key());

  private final List<Negotiator> models;
  private final Items items;
  private final Map<String, BitSet> byCode = new HashMap<>();

  /** Models that are always weighed: their verdict may hang on anything in the record. */
  private final BitSet undemanding = new BitSet();

  private final List<Stranger> strangers = new ArrayList<>();
  private final List<StrangerNeed> strangerNeeds;

  /** A model to which no fact speaks, as the patients of a profile find it. */
  private record Stranger(int model, Profile profile, Match match) {}

  /** Strangers of one profile that need the same, at most {@value Unlocks#MOST_ITEMS} items. */
  private record StrangerNeed(Profile profile, Need need, BitSet models) {}

  /** What a manifest wants of the patient's own facts. */
  private record Profile(Manifest.Population population, List<OfPatient> facts) {
    static Profile of(Manifest manifest) {
      return new Profile(
          manifest.population(),
          manifest.requirements().stream()
              .filter(OfPatient.class::isInstance)
              .map(OfPatient.class::cast)
              .toList());
    }
  }

  public Catalogue(List<Negotiator> models) {
    this.models = List.copyOf(models);
    this.items = new Items(models.stream().map(Negotiator::manifest).toList());
    Map<Profile, Map<Need, BitSet>> needs = new HashMap<>();
    for (int i = 0; i < models.size(); i++) {
      add(i, needs);
    }
    strangers.sort(Comparator.comparing(Stranger::match, USEFUL_FIRST));
    strangerNeeds =
        needs.entrySet().stream()
            .flatMap(
                profile ->
                    profile.getValue().entrySet().stream()
                        .map(
                            need ->
                                new StrangerNeed(profile.getKey(), need.getKey(), need.getValue())))
            .sorted(
                Comparator.<StrangerNeed>comparingInt(need -> -need.models().cardinality())
                    .thenComparing(need -> need.need().toString()))
            .toList();
  }

  private void add(int number, Map<Profile, Map<Need, BitSet>> needs) {
    Negotiator negotiator = models.get(number);
    Manifest manifest = negotiator.manifest();
    negotiator.codes().forEach(code -> byCode.computeIfAbsent(code, c -> new BitSet()).set(number));
    List<Gap> gaps =
        negotiator.everything().stream()
            .filter(gap -> !(gap.requirement() instanceof OfPatient))
            .toList();
    if (gaps.stream().noneMatch(Gap::mandatory) || !negotiator.rulesWait(gaps)) {
      undemanding.set(number);
      return;
    }
    Profile profile = Profile.of(manifest);
    strangers.add(new Stranger(number, profile, new Match(manifest, Standing.DATA_REQUIRED, gaps)));
    Need.of(gaps, items)
        .ifPresent(
            need ->
                needs
                    .computeIfAbsent(profile, p -> new HashMap<>())
                    .computeIfAbsent(need, n -> new BitSet())
                    .set(number));
  }

  /** Weighs a record. */
  public Matches match(Facts facts, Instant now) {
    BitSet touched = touched(facts);
    Evidence.ByCode sorted = new Evidence.ByCode(facts, byCode.keySet());
    List<Match> matches = new ArrayList<>(touched.cardinality());
    Unlocks unlocks = new Unlocks(items);
    touched.stream()
        .forEach(
            i -> {
              Negotiator negotiator = models.get(i);
              Verdict verdict = negotiator.negotiate(facts, sorted, now);
              matches.add(Match.of(negotiator.manifest(), verdict));
              if (verdict instanceof Verdict.DataRequired required) {
                Need.of(required.gaps(), items)
                    .ifPresent(need -> unlocks.add(need, negotiator.manifest().key()));
              }
            });
    matches.sort(USEFUL_FIRST);
    Patients patients = new Patients(facts, now);
    addStrangers(unlocks, touched, patients);
    List<Match> listed = listed(matches, touched, patients);
    boolean all = listed.size() == models.size();
    return new Matches(listed, unlocks.best(), all && unlocks.complete());
  }

  private void addStrangers(Unlocks unlocks, BitSet touched, Patients patients) {
    for (StrangerNeed stranger : strangerNeeds) {
      Match patient = patients.of(stranger.profile());
      if (patient.standing() == Standing.NOT_APPLICABLE) {
        continue;
      }
      BitSet others = (BitSet) stranger.models().clone();
      others.andNot(touched);
      if (!others.isEmpty()) {
        Need.of(patient.gaps(), items)
            .flatMap(need -> need.and(stranger.need()))
            .ifPresent(need -> unlocks.add(need, others, this::key));
        if (!unlocks.complete()) {
          return;
        }
      }
    }
  }

  private String key(int model) {
    return models.get(model).manifest().key();
  }

  /** The models weighed and the strangers, both in their order, as one list in that order. */
  private List<Match> listed(List<Match> weighed, BitSet touched, Patients patients) {
    List<Match> listed = new ArrayList<>(Math.min(MOST_LISTED, models.size()));
    List<Match> outside = new ArrayList<>(0);
    int next = 0;
    for (Stranger stranger : strangers) {
      if (listed.size() >= MOST_LISTED) {
        break;
      }
      if (touched.get(stranger.model())) {
        continue;
      }
      Match match = patients.of(stranger.profile(), stranger.match());
      if (match.standing() == Standing.NOT_APPLICABLE) {
        if (outside.size() < MOST_LISTED) {
          outside.add(match);
        }
        continue;
      }
      while (next < weighed.size()
          && listed.size() < MOST_LISTED
          && USEFUL_FIRST.compare(weighed.get(next), match) <= 0) {
        listed.add(weighed.get(next++));
      }
      listed.add(match);
    }
    outside.addAll(weighed.subList(next, weighed.size()));
    outside.sort(USEFUL_FIRST);
    for (Match match : outside) {
      if (listed.size() < MOST_LISTED) {
        listed.add(match);
      }
    }
    return listed.subList(0, Math.min(MOST_LISTED, listed.size()));
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

  /** What the patient's own facts come to, for each profile that is asked for. */
  private static final class Patients {
    private final Facts facts;
    private final Instant now;
    private final Map<Profile, Match> known = new HashMap<>();

    Patients(Facts facts, Instant now) {
      this.facts = new Facts(facts.patient(), List.of(), List.of(), facts.bundle());
      this.now = now;
    }

    /** The gaps of the patient's facts alone. */
    Match of(Profile profile) {
      return known.computeIfAbsent(
          profile,
          p -> {
            Manifest probe = Manifest.ofPatient(p.population(), List.copyOf(p.facts()));
            return Match.of(probe, new Negotiator(probe).negotiate(facts, now));
          });
    }

    /** A stranger with the gaps of the patient's facts, or without any if it has none. */
    Match of(Profile profile, Match stranger) {
      Match patient = of(profile);
      if (patient.standing() == Standing.NOT_APPLICABLE) {
        return new Match(stranger.model(), Standing.NOT_APPLICABLE, patient.gaps());
      }
      if (patient.gaps().isEmpty()) {
        return stranger;
      }
      List<Gap> gaps = new ArrayList<>(patient.gaps());
      gaps.addAll(stranger.gaps());
      gaps.sort(Negotiator.CHEAPEST_FIRST);
      return new Match(stranger.model(), Standing.DATA_REQUIRED, gaps);
    }
  }
}
