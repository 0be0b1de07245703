package org.clinisandbox.registry;

/**
 * One wrong place in a manifest.
 *
 * @param path where, as {@code required_observations[2].unit}; empty for the document as a whole
 * @param message what is wrong there and what would be right, without the path
 */
public record Mistake(String path, String message) {}
