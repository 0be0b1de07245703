package org.clinisandbox.settings;

import org.jspecify.annotations.Nullable;

/** Every setting there is. Its name is that of the environment variable. */
public enum Setting {
  DATABASE_URL(
      null,
      "PostgreSQL, as `postgresql://user:password@host:port/database`; `up` starts its own without it"),
  CLINISANDBOX_KEYS_DATABASE_URL(
      null, "the key database; default: DATABASE_URL with `_keys` after the database's name"),
  CLINISANDBOX_APP_DATABASE_URL(
      null,
      "for `init`: the URL that api and worker will use; its role is made, with that password and"
          + " no more rights than they need"),
  REDIS_URL(null, "Redis, as `redis://host:port`; `up` starts its own without it"),
  CLINISANDBOX_MASTER_KEY(null, "the master key: 32 bytes in base64"),
  CLINISANDBOX_MASTER_KEY_FILE(
      null,
      "a file that holds it; `up` and `init` make one, in the data folder, when neither is given"),
  CLINISANDBOX_AUTH(
      null,
      "`local`: requests need no token and act as tenant `local`. Only for a port that nothing but"
          + " this machine reaches; `up` implies it"),
  CLINISANDBOX_ADDRESS("127.0.0.1", "the address to listen on"),
  CLINISANDBOX_PORT("8000", "the port to listen on; 0 takes a free one"),
  CLINISANDBOX_PUBLIC_URL(
      null,
      "how callers reach this server; default: http://localhost:PORT. `worker` by itself must be told"),
  CLINISANDBOX_DATA(".clinisandbox", "the data folder of `up` and `init`"),
  CLINISANDBOX_HOME(".", "the folder that image paths start from"),
  CLINISANDBOX_WEBHOOK_ALLOW(
      null,
      "hosts and networks, comma-separated, that webhooks may reach though they are not public"),
  CLINISANDBOX_WORKERS(
      null, "jobs that one worker runs at a time; default: the number of processors"),
  CLINISANDBOX_MAX_BODY("16Mi", "the largest request body, at most 128Mi"),
  CLINISANDBOX_NEGOTIATIONS(
      "1000",
      "how many negotiations of one tenant may wait for answers; a further one ends the oldest"),
  CLINISANDBOX_MODEL_SETTINGS(
      null, "choices for models that offer them, comma-separated, as `kfre.region=north-america`"),
  CLINISANDBOX_BACKENDS(
      null,
      "the backends to use, comma-separated, in the order of preference: `firecracker`, `qemu`,"
          + " `gvisor`, `bubblewrap`, `wasm`; default: all, strongest first. Mock images need no"
          + " mention"),
  USE_REAL_VM("False", "`True` has container images run in `firecracker` alone"),
  CLINISANDBOX_TENANT_ISOLATION(
      null,
      "the weakest isolation for a tenant's jobs, comma-separated, as `ward=gvisor,*=namespaces`;"
          + " `*` stands for all others. A model may ask for more"),
  CLINISANDBOX_WARM_MEMORY(
      null,
      "what warm sandboxes may hold together, as `4Gi`; default: a quarter of this machine's memory"),
  CLINISANDBOX_IMAGES(null, "the folder of unpacked images; default: `images` in the data folder"),
  CLINISANDBOX_IMAGES_SIZE(
      "20Gi", "what unused images may take there; those used the longest ago go first"),
  CLINISANDBOX_REGISTRIES(
      null, "registries that images may be fetched from, comma-separated, as `ghcr.io`; none else"),
  CLINISANDBOX_MACHINE(
      null,
      "the folder with the kernel of virtual machines, as `make guest` makes it; default:"
          + " `guest/out` in CLINISANDBOX_HOME"),
  CLINISANDBOX_RUN(
      null,
      "the folder for the files of running sandboxes, which every user may pass through; default:"
          + " the system's for temporary files"),
  CLINISANDBOX_CONFIG(null, "a YAML file with any of these settings, by these names");

  private final @Nullable String defaultValue;
  private final String meaning;

  Setting(@Nullable String defaultValue, String meaning) {
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  public @Nullable String defaultValue() {
    return defaultValue;
  }

  /** What it means, for docs/settings.md. */
  public String meaning() {
    return meaning;
  }
}
