package org.clinisandbox.vault;

/**
 * A job's keys as they were made.
 *
 * @param vault the keys themselves, for whoever seals
 * @param wrapped the same for the table
 */
record CutKeys(JobVault vault, Keys.Wrapped wrapped) {}
