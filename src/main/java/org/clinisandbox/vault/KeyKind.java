package org.clinisandbox.vault;

/** What a wrapped keyset is for; part of what it is bound to. */
enum KeyKind {
  AEAD,
  MAC
}
