package org.clinisandbox.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The two keysets of one tenant or one job: AES-256-GCM for content, HMAC-SHA256 with the whole
 * 32-byte tag for digests. They are separate so that neither use says anything about the other.
 */
final class Keys {
  private static final HmacParameters HMAC;

  static {
    try {
      AeadConfig.register();
      MacConfig.register();
      HMAC =
          HmacParameters.builder()
              .setKeySizeBytes(32)
              .setTagSizeBytes(32)
              .setHashType(HmacParameters.HashType.SHA256)
              .setVariant(HmacParameters.Variant.NO_PREFIX)
              .build();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final KeysetHandle aeadKeys;
  private final KeysetHandle macKeys;
  private final Aead aead;

  /** Made when it is first used: a new job rarely needs it. */
  private volatile @Nullable Mac mac;

  private Keys(KeysetHandle aeadKeys, KeysetHandle macKeys) throws GeneralSecurityException {
    this.aeadKeys = aeadKeys;
    this.macKeys = macKeys;
    this.aead = aeadKeys.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  static Keys generate() {
    return certain(() -> new Keys(fresh(PredefinedAeadParameters.AES256_GCM), fresh(HMAC)));
  }

  /**
   * These keys with a new one in front for encryption; the older ones still open what they sealed.
   * The MAC key stays: digests must keep comparing equal.
   */
  Keys rotated() {
    return certain(
        () ->
            new Keys(
                KeysetHandle.newBuilder(aeadKeys)
                    .addEntry(
                        KeysetHandle.generateEntryFromParameters(
                                PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build(),
                macKeys));
  }

  /** Both keysets sealed whole: unlike Tink's own encrypted form, no byte stays unauthenticated. */
  Wrapped wrap(Aead wrapping, byte[] binding) {
    return new Wrapped(wrap(aeadKeys, wrapping, binding), wrap(macKeys, wrapping, binding));
  }

  static Keys unwrap(Wrapped wrapped, Aead wrapping, byte[] binding)
      throws GeneralSecurityException {
    Keys keys =
        new Keys(
            unwrap(wrapped.aead(), wrapping, binding), unwrap(wrapped.mac(), wrapping, binding));
    // What was stored is tried out whole: a keyset of the other kind is found here.
    keys.macPrimitive();
    return keys;
  }

  Aead aead() {
    return aead;
  }

  byte[] seal(byte[] plaintext, byte[] binding) {
    return certain(() -> aead.encrypt(plaintext, binding));
  }

  byte[] mac(byte[] data) {
    return certain(() -> macPrimitive().computeMac(data));
  }

  private Mac macPrimitive() throws GeneralSecurityException {
    Mac made = mac;
    if (made == null) {
      made = macKeys.getPrimitive(RegistryConfiguration.get(), Mac.class);
      mac = made;
    }
    return made;
  }

  private static KeysetHandle fresh(Parameters parameters) throws GeneralSecurityException {
    return KeysetHandle.newBuilder()
        .addEntry(KeysetHandle.generateEntryFromParameters(parameters).withRandomId().makePrimary())
        .build();
  }

  private static byte[] wrap(KeysetHandle keys, Aead wrapping, byte[] binding) {
    return certain(
        () -> {
          byte[] plain =
              TinkProtoKeysetFormat.serializeKeyset(
                  keys, InsecureSecretKeyAccess.get(), RegistryConfiguration.get());
          try {
            return wrapping.encrypt(plain, binding);
          } finally {
            Arrays.fill(plain, (byte) 0);
          }
        });
  }

  private static KeysetHandle unwrap(byte[] wrapped, Aead wrapping, byte[] binding)
      throws GeneralSecurityException {
    byte[] plain = wrapping.decrypt(wrapped, binding);
    try {
      return TinkProtoKeysetFormat.parseKeyset(
          plain, InsecureSecretKeyAccess.get(), RegistryConfiguration.get());
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** Runs what fails only when the JVM lacks AES or HMAC. */
  static <T> T certain(Step<T> step) {
    try {
      return step.run();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM or HMAC-SHA256 can't be used in this JVM.", e);
    }
  }

  interface Step<T> {
    T run() throws GeneralSecurityException;
  }

  /** Two wrapped keysets, as the key tables hold them. */
  record Wrapped(byte[] aead, byte[] mac) {}
}
