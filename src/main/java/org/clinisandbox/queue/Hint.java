package org.clinisandbox.queue;

import java.util.UUID;

/**
 * Word that a job may be waiting. It is no more than that: the right to run it comes from the job's
 * row.
 *
 * @param entry the stream entry to be acknowledged
 */
public record Hint(UUID job, String entry) {}
