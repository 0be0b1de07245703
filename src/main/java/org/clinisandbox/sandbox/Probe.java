package org.clinisandbox.sandbox;

import java.time.Duration;
import org.clinisandbox.registry.Isolation;
import org.jspecify.annotations.Nullable;

/**
 * What came of trying a backend out.
 *
 * @param available whether a sandbox of it started, answered and ended
 * @param ready from the start to the ready line; null when it never got there
 * @param detail what was found, one sentence
 * @param remedy what would make it available; null when it is
 */
public record Probe(
    String name,
    Isolation isolation,
    boolean available,
    @Nullable Duration ready,
    String detail,
    @Nullable String remedy) {}
