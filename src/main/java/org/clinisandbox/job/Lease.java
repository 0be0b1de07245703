package org.clinisandbox.job;

import java.util.UUID;

/**
 * A worker's time-limited right to run one job.
 *
 * @param fence grows with each lease of the job; a write under an older number is refused
 * @param attempt 1 for the first
 */
public record Lease(
    UUID job,
    String tenant,
    UUID modelId,
    String modelKey,
    String modelVersion,
    long fence,
    int attempt) {}
