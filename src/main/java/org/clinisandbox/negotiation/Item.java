package org.clinisandbox.negotiation;

import org.jspecify.annotations.Nullable;

/**
 * One thing to ask for. Requirements of different models are the same item when their codes
 * overlap.
 *
 * @param system of {@code code}; null for a fact of the patient
 * @param code null for a fact of the patient
 */
public record Item(@Nullable String system, @Nullable String code, String display) {}
