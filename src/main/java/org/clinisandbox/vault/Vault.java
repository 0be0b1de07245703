package org.clinisandbox.vault;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The keys of tenants and jobs. A job's keys are wrapped by its tenant's, a tenant's by the master
 * key, each bound to its owner. They live in a database of their own, migrated by `db/keys`;
 * destroying a job's row makes everything sealed for the job unreadable, in backups of the data
 * too.
 *
 * <p>Safe for use by many threads and by many processes at once. The data source must commit by
 * itself and wait for the disk (PostgreSQL's defaults), or a key could be lost after its data was
 * written.
 */
public final class Vault {
  /** The unwrapped keys kept in memory: those of the tenants used last. */
  private static final int CACHED_TENANTS = 1_000;

  private final KeyTables tables;
  private final MasterKey master;
  private final byte[] check;
  private final Map<String, ReadyKeys> ready = new ConcurrentHashMap<>();
  private final RecentlyUsed<String, Keys> tenants = new RecentlyUsed<>(CACHED_TENANTS);

  private Vault(KeyTables tables, MasterKey master, byte[] check) {
    this.tables = tables;
    this.master = master;
    this.check = check;
  }

  /** Opens a key store, or starts an empty one. */
  public static Vault open(DataSource keys, MasterKey master) throws WrongMasterKey {
    var tables = new KeyTables(keys);
    Optional<byte[]> found = tables.check();
    if (found.isEmpty()) {
      requireOpensTenant(tables, master);
      tables.insertCheck(Keys.certain(() -> master.aead().encrypt(new byte[0], Binding.check())));
      found = tables.check();
    }
    byte[] check = found.orElseThrow();
    try {
      master.aead().decrypt(check, Binding.check());
    } catch (GeneralSecurityException e) {
      throw new WrongMasterKey();
    }
    return new Vault(tables, master, check);
  }

  /** True when no master key has been used with this key store: only then may a new one be made. */
  public static boolean isEmpty(DataSource keys) {
    return new KeyTables(keys).isEmpty();
  }

  /** The tenant's own secrets and digests; makes its keys when there are none yet. */
  public TenantVault tenant(String tenant) {
    tenantKeys(tenant);
    return new TenantVault(this, tenant);
  }

  /**
   * Keys for a new job or negotiation, which has the id that they are for. They are on the disk
   * when this returns.
   */
  public JobVault createJob(String tenant) {
    return ready
        .computeIfAbsent(tenant, _ -> new ReadyKeys(new Source(tenant), ReadyKeys.FRESH))
        .take();
  }

  /** Destroys the keys that were made for jobs to come, before a process ends. */
  public void destroyUnused() {
    ready.values().forEach(ReadyKeys::destroyUnused);
  }

  /** The keys of a tenant's jobs to come. */
  private final class Source implements ReadyKeys.Source {
    private final String tenant;

    Source(String tenant) {
      this.tenant = tenant;
    }

    @Override
    public List<JobVault> cut(int count) {
      Aead wrapping = tenantKeys(tenant).aead();
      List<CutKeys> cut =
          KeyThreads.call(
              () -> Stream.generate(() -> cutOne(tenant, wrapping)).limit(count).toList());
      tables.insertJobs(cut);
      return cut.stream().map(CutKeys::vault).toList();
    }

    @Override
    public void destroy(List<UUID> jobs) {
      tables.deleteJobs(jobs);
    }
  }

  private static CutKeys cutOne(String tenant, Aead wrapping) {
    UUID job = UUID.randomUUID();
    Keys keys = Keys.generate();
    return new CutKeys(
        new JobVault(tenant, job, keys), keys.wrap(wrapping, Binding.jobKey(tenant, job)));
  }

  /**
   * Opens a job's keys.
   *
   * @throws KeyGone when they were destroyed
   * @throws Unreadable when they were changed, or are another tenant's
   */
  public JobVault openJob(String tenant, UUID job) throws KeyGone {
    Keys.Wrapped wrapped = tables.job(job).orElseThrow(() -> new KeyGone(job));
    Keys keys =
        withTenantKeys(
            tenant,
            "The key of job " + job,
            aead -> Keys.unwrap(wrapped, aead, Binding.jobKey(tenant, job)));
    return new JobVault(tenant, job, keys);
  }

  /**
   * Destroys a job's keys, if there are any. PostgreSQL's vacuum takes the bytes from the disk
   * later; until then they are still wrapped.
   */
  public void destroyJob(UUID job) {
    tables.deleteJobs(List.of(job));
  }

  /**
   * Gives every tenant a new key for what is sealed from now on; everything older stays readable.
   * Other processes need no restart.
   */
  public void rotateTenantKeys() {
    tables.inTransaction(
        () -> {
          if (!tables.holdCheck(check)) {
            throw masterKeyReplaced();
          }
          for (String tenant : tables.tenantsForUpdate()) {
            tables.updateTenant(tenant, wrap(tenant, stored(tenant).rotated(), master));
          }
        });
    tenants.clear();
    destroyUnused();
  }

  /**
   * Wraps every tenant's keys with another master key, all or none. From then on only that key
   * opens the key store: processes that hold the old one must be restarted with the new one.
   */
  public void replaceMasterKey(MasterKey next) {
    byte[] sealed = Keys.certain(() -> next.aead().encrypt(new byte[0], Binding.check()));
    tables.inTransaction(
        () -> {
          if (!tables.replaceCheck(check, sealed)) {
            throw masterKeyReplaced();
          }
          for (String tenant : tables.tenantsForUpdate()) {
            tables.updateTenant(tenant, wrap(tenant, stored(tenant), next));
          }
        });
  }

  Keys tenantKeys(String tenant) {
    return tenants.get(tenant).orElseGet(() -> created(tenant));
  }

  /**
   * Opens something with a tenant's keys: with those in memory, then once more with those in the
   * table, since another process may have rotated them.
   */
  <T> T withTenantKeys(String tenant, String place, Opening<T> opening) {
    Optional<Keys> cached = tenants.get(tenant);
    if (cached.isPresent()) {
      try {
        return opening.with(cached.get().aead());
      } catch (GeneralSecurityException e) {
        tenants.remove(tenant);
      }
    }
    try {
      Keys keys = stored(tenant);
      tenants.put(tenant, keys);
      return opening.with(keys.aead());
    } catch (GeneralSecurityException e) {
      throw new Unreadable(place);
    }
  }

  /** Two that create at once insert one row, and both read that one. */
  private Keys created(String tenant) {
    if (tables.tenant(tenant).isEmpty()) {
      tables.insertTenant(tenant, wrap(tenant, Keys.generate(), master), check);
      if (tables.tenant(tenant).isEmpty()) {
        throw masterKeyReplaced();
      }
    }
    Keys keys = stored(tenant);
    tenants.put(tenant, keys);
    return keys;
  }

  private Keys stored(String tenant) {
    return tables
        .tenant(tenant)
        .flatMap(wrapped -> unwrap(tenant, wrapped, master))
        .orElseThrow(() -> new Unreadable("The key of tenant " + tenant));
  }

  private static Keys.Wrapped wrap(String tenant, Keys keys, MasterKey master) {
    return keys.wrap(master.aead(), Binding.tenantKey(tenant));
  }

  private static Optional<Keys> unwrap(String tenant, Keys.Wrapped wrapped, MasterKey master) {
    try {
      return Optional.of(Keys.unwrap(wrapped, master.aead(), Binding.tenantKey(tenant)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** Without a check row, the tenants' keys themselves tell whether the master key is right. */
  private static void requireOpensTenant(KeyTables tables, MasterKey master) throws WrongMasterKey {
    Optional<String> tenant = tables.anyTenant();
    if (tenant.isPresent()
        && tables.tenant(tenant.get()).flatMap(w -> unwrap(tenant.get(), w, master)).isEmpty()) {
      throw new WrongMasterKey();
    }
  }

  private static IllegalStateException masterKeyReplaced() {
    return new IllegalStateException(
        "The master key was replaced while this process ran; restart it with the new one.");
  }

  interface Opening<T> {
    T with(Aead aead) throws GeneralSecurityException;
  }
}
