package org.clinisandbox.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A diagnosis that negotiation found ready. Everything but the model's name is PHI until sealed.
 *
 * @param bundle the client's bundle, as JSON
 * @param inputs the chosen inputs, as a JSON array
 * @param callback where the result goes; null for nowhere
 * @param clientReference the client's own word for the visit; null for none
 * @param idempotency null when the request carried no Idempotency-Key
 * @param negotiation the negotiation that this job ends; null for none
 */
public record NewJob(
    String tenant,
    UUID modelId,
    String modelKey,
    String modelVersion,
    byte[] bundle,
    byte[] inputs,
    @Nullable String callback,
    @Nullable String clientReference,
    @Nullable IdempotencyKey idempotency,
    @Nullable Ending negotiation) {
  /**
   * Which negotiation a job ends.
   *
   * @param turn the turn in which it was found ready
   */
  public record Ending(UUID id, int turn) {}
}
