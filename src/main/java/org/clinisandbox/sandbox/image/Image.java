package org.clinisandbox.sandbox.image;

import java.nio.file.Path;

/**
 * An unpacked image of this host.
 *
 * @param digest what pins it: {@code sha256:} and 64 hex digits
 * @param root its root file system; whoever may reach the folder can read it, only its owner can
 *     write it
 * @param launch what to start in it
 */
public record Image(String digest, Path root, Launch launch) {}
