package org.clinisandbox.sandbox;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checked reply of a model. It is PHI.
 *
 * @param outcome at most 200 characters
 * @param score within the manifest's bounds; null when the model gives none
 * @param unit UCUM unit of the score, the manifest's when the model does not repeat it; null when
 *     neither names one or there is no score
 * @param probability 0 to 1; null when the model gives none
 * @param qualitative a word for the risk, at most 200 characters
 * @param rationale at most 4096 bytes of UTF-8
 * @param details whatever else the model has to say; empty when nothing
 */
public record ModelReply(
    String outcome,
    @Nullable BigDecimal score,
    @Nullable String unit,
    @Nullable BigDecimal probability,
    @Nullable String qualitative,
    @Nullable String rationale,
    ObjectNode details) {
  /** Nothing of the content, which is PHI. */
  @Override
  public String toString() {
    return "ModelReply[…]";
  }
}
