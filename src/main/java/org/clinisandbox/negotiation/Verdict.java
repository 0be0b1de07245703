package org.clinisandbox.negotiation;

import java.util.List;

/** Whether a model can use a bundle. Gaps stand cheapest to answer first. */
public sealed interface Verdict {
  /** Everything that is not met. */
  List<Gap> gaps();

  /**
   * It can.
   *
   * @param inputs what the model is given, in the manifest's order
   * @param optionalGaps what would help and is not there
   */
  record Ready(List<Input> inputs, List<Gap> optionalGaps) implements Verdict {
    public Ready {
      inputs = List.copyOf(inputs);
      optionalGaps = List.copyOf(optionalGaps);
    }

    @Override
    public List<Gap> gaps() {
      return optionalGaps;
    }
  }

  /**
   * It can't yet.
   *
   * @param gaps what is missing, mandatory and optional; at least one is mandatory
   * @param satisfied what was found, in the manifest's order; nothing assumed
   * @param required how many inputs the model can't do without, met or not
   */
  record DataRequired(List<Gap> gaps, List<Input> satisfied, int required) implements Verdict {
    public DataRequired {
      gaps = List.copyOf(gaps);
      satisfied = List.copyOf(satisfied);
    }

    /** Whether nothing is left to ask that the model can't do without. */
    public boolean closed() {
      return gaps.stream().noneMatch(gap -> gap.mandatory() && gap.askable());
    }
  }

  /**
   * It never can: the patient is outside the model's population.
   *
   * @param gaps each limit that the patient is outside of
   */
  record NotApplicable(List<Gap> gaps) implements Verdict {
    public NotApplicable {
      gaps = List.copyOf(gaps);
    }
  }
}
