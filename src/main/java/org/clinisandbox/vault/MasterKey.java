package org.clinisandbox.vault;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** The AES-256 key that wraps every tenant's key. It is kept outside the databases. */
public final class MasterKey {
  private static final int BYTES = 32;

  private final Aead aead;

  private MasterKey(byte[] key) {
    this.aead = aead(key);
  }

  /**
   * Reads the key from text.
   *
   * @param text 32 bytes in base64; white space around it is ignored
   */
  public static MasterKey fromBase64(String text) throws MasterKeyException {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    try {
      if (key.length != BYTES) {
        throw malformed();
      }
      return new MasterKey(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Reads the key from a file that only its owner may read. */
  public static MasterKey fromFile(Path file) throws MasterKeyException {
    return fromFile(file, true);
  }

  /**
   * Reads the key from a file.
   *
   * @param ownerOnly false for a container's read-only mount, whose permissions the platform sets
   */
  public static MasterKey fromFile(Path file, boolean ownerOnly) throws MasterKeyException {
    return fromBase64(MasterKeyFile.read(file, ownerOnly));
  }

  /**
   * Makes a new random key and a file for it, readable by the owner only and on the disk when this
   * returns. A file that is there already is never touched.
   */
  public static MasterKey createFile(Path file) throws MasterKeyException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    try {
      MasterKeyFile.create(file, Base64.getEncoder().encodeToString(key));
      return new MasterKey(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  Aead aead() {
    return aead;
  }

  @Override
  public String toString() {
    return "MasterKey[hidden]";
  }

  private static MasterKeyException malformed() {
    return new MasterKeyException(
        "The master key must be 32 bytes in base64 (44 characters); "
            + "`head -c 32 /dev/urandom | base64` makes one.");
  }

  @AccessesPartialKey
  private static Aead aead(byte[] key) {
    return Keys.certain(
        () -> {
          AeadConfig.register();
          var parameters =
              AesGcmParameters.builder()
                  .setKeySizeBytes(BYTES)
                  .setIvSizeBytes(12)
                  .setTagSizeBytes(16)
                  .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                  .build();
          var secret = SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get());
          var imported = AesGcmKey.builder().setParameters(parameters).setKeyBytes(secret).build();
          return KeysetHandle.newBuilder()
              .addEntry(KeysetHandle.importKey(imported).withRandomId().makePrimary())
              .build()
              .getPrimitive(RegistryConfiguration.get(), Aead.class);
        });
  }
}
