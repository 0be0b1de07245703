package org.clinisandbox.intake;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.registry.Registration;

/** A model's negotiator, kept for as long as its manifest is the same. */
public final class Negotiators {
  private final Map<UUID, Negotiator> kept = new ConcurrentHashMap<>();

  Negotiator of(Registration.Model model) {
    return kept.compute(
        model.id(),
        (id, known) ->
            known != null && known.manifest().equals(model.manifest())
                ? known
                : new Negotiator(model.manifest()));
  }
}
