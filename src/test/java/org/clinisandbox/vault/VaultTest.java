package org.clinisandbox.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
  private static final byte[] PLAIN = "Jane Canary, born 1950-02-03".getBytes(UTF_8);
  private static final byte[] MASTER = "0123456789abcdefghijklmnopqrstuv".getBytes(UTF_8);

  @TempDir static Path folder;
  private static KeyDatabase database;
  private Vault vault;

  @BeforeAll
  static void start() throws Exception {
    database = KeyDatabase.start(folder.resolve("pg"));
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @BeforeEach
  void open() throws Exception {
    database.empty();
    vault = Vault.open(database.source(), master());
  }

  @Test
  void what_a_job_seals_is_read_back_by_another_process() throws Exception {
    JobVault jobKeys = vault.createJob("north");
    UUID job = jobKeys.job();
    byte[] sealed = jobKeys.seal(Column.BUNDLE, PLAIN);
    Vault other = Vault.open(database.source(), master());
    assertThat(other.openJob("north", job).open(Column.BUNDLE, sealed)).isEqualTo(PLAIN);
  }

  @Test
  void the_same_text_sealed_twice_looks_different() {
    JobVault job = vault.createJob("north");
    assertThat(job.seal(Column.BUNDLE, PLAIN)).isNotEqualTo(job.seal(Column.BUNDLE, PLAIN));
  }

  @Test
  void a_ciphertext_opens_in_no_other_column() {
    JobVault job = vault.createJob("north");
    for (Column from : Column.values()) {
      byte[] sealed = job.seal(from, PLAIN);
      for (Column to : Column.values()) {
        if (from != to) {
          assertUnreadable(() -> job.open(to, sealed));
        }
      }
    }
  }

  @Test
  void a_ciphertext_opens_in_no_other_job_or_tenant() {
    byte[] sealed = vault.createJob("north").seal(Column.RESULT, PLAIN);
    JobVault sibling = vault.createJob("north");
    JobVault stranger = vault.createJob("south");
    assertUnreadable(() -> sibling.open(Column.RESULT, sealed));
    assertUnreadable(() -> stranger.open(Column.RESULT, sealed));
  }

  /** The same keys under another name: only the associated data stands in the way. */
  @Test
  void a_ciphertext_is_bound_to_tenant_and_job_by_more_than_its_key() {
    Keys keys = Keys.generate();
    UUID job = UUID.randomUUID();
    byte[] sealed = new JobVault("north", job, keys).seal(Column.BUNDLE, PLAIN);
    assertUnreadable(() -> new JobVault("south", job, keys).open(Column.BUNDLE, sealed));
    assertUnreadable(
        () -> new JobVault("north", UUID.randomUUID(), keys).open(Column.BUNDLE, sealed));
  }

  @Test
  void one_flipped_bit_anywhere_in_a_ciphertext_is_found() {
    JobVault job = vault.createJob("north");
    byte[] sealed = job.seal(Column.BUNDLE, PLAIN);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = flip(sealed, bit);
      assertUnreadable(() -> job.open(Column.BUNDLE, changed));
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] shortened = Arrays.copyOf(sealed, length);
      assertUnreadable(() -> job.open(Column.BUNDLE, shortened));
    }
  }

  @Test
  void one_flipped_bit_anywhere_in_a_wrapped_key_is_found() {
    Keys outer = Keys.generate();
    byte[] binding = Binding.tenantKey("north");
    Keys.Wrapped wrapped = Keys.generate().wrap(outer.aead(), binding);
    for (int bit = 0; bit < wrapped.aead().length * 8; bit++) {
      var changed = new Keys.Wrapped(flip(wrapped.aead(), bit), wrapped.mac());
      assertThatThrownBy(() -> Keys.unwrap(changed, outer.aead(), binding))
          .isInstanceOf(GeneralSecurityException.class);
    }
    for (int bit = 0; bit < wrapped.mac().length * 8; bit++) {
      var changed = new Keys.Wrapped(wrapped.aead(), flip(wrapped.mac(), bit));
      assertThatThrownBy(() -> Keys.unwrap(changed, outer.aead(), binding))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void a_changed_key_row_is_unreadable() throws Exception {
    UUID job = vault.createJob("north").job();
    byte[] wrapped = jobKey("wrapped", job);
    setJobKey("wrapped", job, flip(wrapped, 100));
    assertUnreadable(() -> vault.openJob("north", job));
    setJobKey("wrapped", job, wrapped);
    setTenantKey("wrapped", "north", flip(tenantKey("wrapped", "north"), 100));
    Vault other = Vault.open(database.source(), master());
    assertUnreadable(() -> other.tenant("north"));
    assertUnreadable(() -> other.openJob("north", job));
  }

  @Test
  void key_rows_swapped_between_jobs_of_one_tenant_do_not_open() {
    UUID one = vault.createJob("north").job();
    UUID two = vault.createJob("north").job();
    setJobKey("wrapped", one, jobKey("wrapped", two));
    setJobKey("wrapped_mac", one, jobKey("wrapped_mac", two));
    assertUnreadable(() -> vault.openJob("north", one));
  }

  @Test
  void an_encryption_key_does_not_serve_as_a_mac_key() {
    UUID job = vault.createJob("north").job();
    setJobKey("wrapped_mac", job, jobKey("wrapped", job));
    assertUnreadable(() -> vault.openJob("north", job));
  }

  @Test
  void key_rows_swapped_between_tenants_do_not_open() throws Exception {
    vault.tenant("north");
    vault.tenant("south");
    setTenantKey("wrapped", "south", tenantKey("wrapped", "north"));
    setTenantKey("wrapped_mac", "south", tenantKey("wrapped_mac", "north"));
    Vault other = Vault.open(database.source(), master());
    assertUnreadable(() -> other.tenant("south"));
  }

  @Test
  void another_tenant_cannot_open_a_job() {
    UUID job = vault.createJob("north").job();
    vault.tenant("south");
    assertUnreadable(() -> vault.openJob("south", job));
    assertUnreadable(() -> vault.openJob("unheard of", job));
    assertThat(database.jdbc().sql("select tenant from tenant_keys").query(String.class).list())
        .containsExactlyInAnyOrder("north", "south");
  }

  @Test
  void a_destroyed_key_is_gone_and_stays_gone() throws Exception {
    UUID job = vault.createJob("north").job();
    vault.openJob("north", job);
    vault.destroyJob(job);
    vault.destroyJob(job);
    assertThatThrownBy(() -> vault.openJob("north", job))
        .isInstanceOf(KeyGone.class)
        .hasMessageContaining(job.toString());
    Vault other = Vault.open(database.source(), master());
    assertThatThrownBy(() -> other.openJob("north", job)).isInstanceOf(KeyGone.class);
  }

  @Test
  void keys_wait_for_the_disk() {
    try (DiskWaits waits = new DiskWaits(database.jdbc())) {
      for (int i = 0; i < 100; i++) {
        vault.createJob("north");
      }
      assertThat(waits.settings()).isNotEmpty().containsOnly("on");
    }
  }

  @Test
  void keys_are_in_the_table_when_they_are_had_and_those_that_nobody_had_can_be_destroyed()
      throws Exception {
    List<UUID> had = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      UUID job = vault.createJob("north").job();
      assertThat(vault.openJob("north", job)).isNotNull();
      had.add(job);
    }

    vault.destroyUnused();

    assertThat(database.jdbc().sql("select job_id from job_keys").query(UUID.class).list())
        .containsExactlyInAnyOrderElementsOf(had);
  }

  @Test
  void many_that_create_a_tenant_at_once_get_one_key() throws Exception {
    int threads = 8;
    for (int round = 0; round < 20; round++) {
      String tenant = "tenant-" + round;
      var barrier = new CyclicBarrier(threads);
      List<Future<byte[]>> macs = new ArrayList<>();
      try (var executor = Executors.newFixedThreadPool(threads)) {
        for (int i = 0; i < threads; i++) {
          Vault process = Vault.open(database.source(), master());
          macs.add(
              executor.submit(
                  () -> {
                    barrier.await();
                    return process.tenant(tenant).mac(PLAIN);
                  }));
        }
      }
      for (Future<byte[]> mac : macs) {
        assertThat(mac.get()).isEqualTo(macs.getFirst().get());
      }
    }
  }

  @Test
  void a_tenants_secret_opens_for_its_purpose_and_tenant_only() {
    byte[] sealed = vault.tenant("north").seal("webhook", PLAIN);
    assertThat(vault.tenant("north").open("webhook", sealed)).isEqualTo(PLAIN);
    assertUnreadable(() -> vault.tenant("north").open("other", sealed));
    assertUnreadable(() -> vault.tenant("south").open("webhook", sealed));
  }

  @Test
  void digests_repeat_within_their_owner_and_differ_between_owners() throws Exception {
    JobVault jobKeys = vault.createJob("north");
    UUID job = jobKeys.job();
    byte[] mac = jobKeys.mac(PLAIN);
    assertThat(mac).hasSize(32).isEqualTo(vault.openJob("north", job).mac(PLAIN));
    assertThat(vault.createJob("north").mac(PLAIN)).isNotEqualTo(mac);
    byte[] tenantMac = vault.tenant("north").mac(PLAIN);
    assertThat(tenantMac).hasSize(32).isEqualTo(vault.tenant("north").mac(PLAIN));
    assertThat(vault.tenant("south").mac(PLAIN)).isNotEqualTo(tenantMac);
    assertThat(vault.tenant("north").mac(new byte[0])).isNotEqualTo(tenantMac);
  }

  @Test
  void a_wrong_master_key_is_found_at_the_start() {
    assertWrongMasterKey();
    vault.tenant("north");
    assertWrongMasterKey();
  }

  @Test
  void a_wrong_master_key_is_found_without_the_check_row_too() throws Exception {
    vault.tenant("north");
    database.jdbc().sql("delete from key_check").update();
    assertWrongMasterKey();
    Vault.open(database.source(), master()).tenant("north");
  }

  @Test
  void a_key_store_is_empty_until_a_master_key_was_used() throws Exception {
    assertThat(Vault.isEmpty(database.source())).isFalse();
    database.empty();
    assertThat(Vault.isEmpty(database.source())).isTrue();
    Vault.open(database.source(), master()).tenant("north");
    database.jdbc().sql("delete from key_check").update();
    assertThat(Vault.isEmpty(database.source())).isFalse();
  }

  @Test
  void after_a_rotation_the_old_is_readable_and_the_new_is_under_a_new_key() throws Exception {
    JobVault oldKeys = vault.createJob("north");
    UUID old = oldKeys.job();
    byte[] sealed = oldKeys.seal(Column.BUNDLE, PLAIN);
    byte[] secret = vault.tenant("north").seal("webhook", PLAIN);
    byte[] digest = vault.tenant("north").mac(PLAIN);
    Vault running = Vault.open(database.source(), master());
    running.tenant("north");
    // So many that some are ready for the next.
    for (int i = 0; i < 50; i++) {
      vault.createJob("north");
    }

    vault.rotateTenantKeys();
    UUID fresh = vault.createJob("north").job();

    for (Vault process : List.of(vault, running)) {
      assertThat(process.openJob("north", old).open(Column.BUNDLE, sealed)).isEqualTo(PLAIN);
      assertThat(process.openJob("north", fresh)).isNotNull();
      assertThat(process.tenant("north").open("webhook", secret)).isEqualTo(PLAIN);
      assertThat(process.tenant("north").mac(PLAIN)).isEqualTo(digest);
    }
    // Tink's ciphertexts begin with the key's id.
    assertThat(Arrays.copyOf(jobKey("wrapped", fresh), 5))
        .isNotEqualTo(Arrays.copyOf(jobKey("wrapped", old), 5));
  }

  @Test
  void rotating_under_load_fails_nothing() throws Exception {
    Vault rotating = Vault.open(database.source(), master());
    Vault reading = Vault.open(database.source(), master());
    var stop = new AtomicBoolean();
    List<Future<Integer>> workers = new ArrayList<>();
    try (var executor = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 3; i++) {
        workers.add(
            executor.submit(
                () -> {
                  int opened = 0;
                  while (!stop.get()) {
                    JobVault jobKeys = vault.createJob("north");
                    UUID job = jobKeys.job();
                    byte[] sealed = jobKeys.seal(Column.BUNDLE, PLAIN);
                    JobVault read = reading.openJob("north", job);
                    assertThat(read.open(Column.BUNDLE, sealed)).isEqualTo(PLAIN);
                    opened++;
                  }
                  return opened;
                }));
      }
      for (int round = 0; round < 20; round++) {
        rotating.rotateTenantKeys();
      }
      stop.set(true);
    }
    for (Future<Integer> worker : workers) {
      assertThat(worker.get()).isPositive();
    }
  }

  @Test
  void a_replaced_master_key_opens_everything_and_the_old_one_nothing() throws Exception {
    JobVault jobKeys = vault.createJob("north");
    UUID job = jobKeys.job();
    byte[] sealed = jobKeys.seal(Column.BUNDLE, PLAIN);
    MasterKey next = MasterKey.fromBase64(Base64.getEncoder().encodeToString(new byte[32]));
    vault.replaceMasterKey(next);
    assertThatThrownBy(() -> Vault.open(database.source(), master()))
        .isInstanceOf(WrongMasterKey.class);
    Vault reopened = Vault.open(database.source(), next);
    assertThat(reopened.openJob("north", job).open(Column.BUNDLE, sealed)).isEqualTo(PLAIN);
  }

  @Test
  void a_process_with_the_replaced_master_key_cannot_leave_a_key_that_nobody_opens()
      throws Exception {
    Vault left = Vault.open(database.source(), master());
    left.tenant("north");
    vault.replaceMasterKey(MasterKey.fromBase64(Base64.getEncoder().encodeToString(new byte[32])));
    assertThatIllegalStateException()
        .isThrownBy(() -> left.tenant("south"))
        .withMessageContaining("restart");
    assertThatIllegalStateException().isThrownBy(left::rotateTenantKeys);
    assertThat(database.jdbc().sql("select tenant from tenant_keys").query(String.class).list())
        .containsExactly("north");
  }

  @Test
  void neither_text_nor_key_is_anywhere_in_the_database_folder() throws Exception {
    JobVault keys = vault.createJob("north");
    keys.seal(Column.BUNDLE, PLAIN);
    keys.mac(PLAIN);
    vault.tenant("north").seal("webhook", PLAIN);
    database.jdbc().sql("checkpoint").update();
    // The folder must have been read: the tenant's name is in it, in the clear.
    assertThat(holds("north".getBytes(UTF_8))).isTrue();
    for (byte[] secret : List.of(PLAIN, MASTER, "type.googleapis.com".getBytes(UTF_8))) {
      assertThat(holds(secret)).isFalse();
      assertThat(holds(Base64.getEncoder().withoutPadding().encode(secret))).isFalse();
      assertThat(holds(HexFormat.of().formatHex(secret).getBytes(UTF_8))).isFalse();
    }
  }

  private static boolean holds(byte[] bytes) throws Exception {
    String wanted = new String(bytes, ISO_8859_1);
    try (var files = Files.walk(folder.resolve("pg"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, ISO_8859_1).contains(wanted)) {
          return true;
        }
      }
    }
    return false;
  }

  private static MasterKey master() throws MasterKeyException {
    return MasterKey.fromBase64(Base64.getEncoder().encodeToString(MASTER));
  }

  private static void assertWrongMasterKey() {
    assertThatThrownBy(
            () ->
                Vault.open(
                    database.source(),
                    MasterKey.fromBase64(Base64.getEncoder().encodeToString(new byte[32]))))
        .isInstanceOf(WrongMasterKey.class)
        .hasMessageContaining("master key")
        .hasNoCause();
  }

  private static void assertUnreadable(ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOf(Unreadable.class)
        .hasMessageNotContaining("Canary")
        .hasNoCause();
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  private static byte[] jobKey(String column, UUID job) {
    return database
        .jdbc()
        .sql("select " + column + " from job_keys where job_id = ?")
        .param(job)
        .query(byte[].class)
        .single();
  }

  private static void setJobKey(String column, UUID job, byte[] wrapped) {
    database
        .jdbc()
        .sql("update job_keys set " + column + " = ? where job_id = ?")
        .params(wrapped, job)
        .update();
  }

  private static byte[] tenantKey(String column, String tenant) {
    return database
        .jdbc()
        .sql("select " + column + " from tenant_keys where tenant = ?")
        .param(tenant)
        .query(byte[].class)
        .single();
  }

  private static void setTenantKey(String column, String tenant, byte[] wrapped) {
    database
        .jdbc()
        .sql("update tenant_keys set " + column + " = ? where tenant = ?")
        .params(wrapped, tenant)
        .update();
  }
}
