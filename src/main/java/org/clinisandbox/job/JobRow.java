package org.clinisandbox.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.jspecify.annotations.Nullable;

/** A new job as its row will have it: sealed. */
record JobRow(
    UUID id,
    String tenant,
    UUID modelId,
    String modelKey,
    String modelVersion,
    byte[] bundle,
    byte[] inputs,
    byte @Nullable [] callback,
    byte @Nullable [] clientReference,
    @Nullable IdempotencyKey idempotency) {
  static JobRow seal(NewJob job, JobVault keys) {
    return new JobRow(
        keys.job(),
        job.tenant(),
        job.modelId(),
        job.modelKey(),
        job.modelVersion(),
        keys.seal(Column.BUNDLE, job.bundle()),
        keys.seal(Column.INPUTS, job.inputs()),
        seal(keys, Column.CALLBACK, job.callback()),
        seal(keys, Column.CLIENT_REFERENCE, job.clientReference()),
        job.idempotency());
  }

  private static byte @Nullable [] seal(JobVault keys, Column column, @Nullable String text) {
    return text == null ? null : keys.seal(column, text.getBytes(StandardCharsets.UTF_8));
  }

  int size() {
    return bundle.length + inputs.length;
  }

  /** What two rows have in common of which only one can be a job. */
  record Twin(String tenant, String route, ByteBuffer key) {}

  @Nullable Twin twin() {
    return idempotency == null
        ? null
        : new Twin(tenant, idempotency.route(), ByteBuffer.wrap(idempotency.key()));
  }
}
