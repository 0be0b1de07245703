package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import org.clinisandbox.registry.Manifest;

/**
 * What a record is good for.
 *
 * @param models the models' verdicts: ready ones, then those that need the least, then those that
 *     were not made for the patient
 * @param unlocks what to ask for, by how many models it would make ready
 * @param complete whether nothing was cut off by a limit of work
 */
public record Matches(List<Match> models, List<Unlock> unlocks, boolean complete) {
  public Matches {
    models = List.copyOf(models);
    unlocks = List.copyOf(unlocks);
  }

  /**
   * One model's verdict.
   *
   * @param gaps as in the {@link Verdict} of that name
   */
  public record Match(Manifest model, Standing standing, List<Gap> gaps) {
    public Match {
      gaps = List.copyOf(gaps);
    }

    static Match of(Manifest model, Verdict verdict) {
      return new Match(
          model,
          switch (verdict) {
            case Verdict.Ready r -> Standing.READY;
            case Verdict.DataRequired d -> Standing.DATA_REQUIRED;
            case Verdict.NotApplicable n -> Standing.NOT_APPLICABLE;
          },
          verdict.gaps());
    }

    /** How many things the model can't do without. */
    int needs() {
      return (int) gaps.stream().filter(Gap::mandatory).count();
    }
  }

  /** Which verdict it is. */
  public enum Standing {
    READY,
    DATA_REQUIRED,
    NOT_APPLICABLE;

    /** The name in JSON. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A few things to ask for.
   *
   * @param ask at most {@value Unlocks#MOST_ITEMS}, none of them in vain
   * @param models the keys of the models that all of them together make ready
   */
  public record Unlock(List<Item> ask, List<String> models) {
    public Unlock {
      ask = List.copyOf(ask);
      models = List.copyOf(models);
    }
  }
}
