package org.clinisandbox.vault;

/** The master key can't be used. The message is one sentence with the remedy, never the key. */
public sealed class MasterKeyException extends Exception permits WrongMasterKey {
  MasterKeyException(String message) {
    super(message);
  }
}
