package org.clinisandbox.job;

/**
 * An Idempotency-Key and the request it came with, both as keyed digests: neither can be read back.
 *
 * @param route the route it belongs to
 * @param key digest of the key
 * @param body digest of body, query and media type
 */
public record IdempotencyKey(String route, byte[] key, byte[] body) {}
