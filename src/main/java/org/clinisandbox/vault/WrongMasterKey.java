package org.clinisandbox.vault;

/** The key store was made with another master key than the one given. */
public final class WrongMasterKey extends MasterKeyException {
  WrongMasterKey() {
    super(
        "This master key does not open the key store; "
            + "give the master key that the key store was made with.");
  }
}
