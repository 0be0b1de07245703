package org.clinisandbox.vault;

import java.util.UUID;

/** The keys of a job to be: they seal already, and are stored before the job is. */
public final class NewJobKeys {
  private final String tenant;
  private final UUID job;
  private final Keys keys;
  private final Keys.Wrapped wrapped;

  NewJobKeys(String tenant, UUID job, Keys keys, Keys.Wrapped wrapped) {
    this.tenant = tenant;
    this.job = job;
    this.keys = keys;
    this.wrapped = wrapped;
  }

  String tenant() {
    return tenant;
  }

  public UUID job() {
    return job;
  }

  Keys.Wrapped wrapped() {
    return wrapped;
  }

  /** Seals and opens the job's columns. */
  public JobVault vault() {
    return new JobVault(tenant, job, keys);
  }

  @Override
  public String toString() {
    return "NewJobKeys[" + job + "]";
  }
}
