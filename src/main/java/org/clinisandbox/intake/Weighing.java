package org.clinisandbox.intake;

import java.time.Clock;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.registry.Registry;

/** What it takes to weigh a bundle: the models, the validator, and the time. */
public record Weighing(
    Registry registry,
    Negotiators negotiators,
    BundleCheck fhir,
    Validation validation,
    Clock clock) {}
