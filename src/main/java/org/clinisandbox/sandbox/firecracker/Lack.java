package org.clinisandbox.sandbox.firecracker;

import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;

/** This host lacks something that Firecracker needs. */
final class Lack extends Exception {
  private final String detail;
  private final String remedy;

  /** Both whole sentences. */
  Lack(String detail, String remedy) {
    super(detail);
    this.detail = detail;
    this.remedy = remedy;
  }

  String detail() {
    return detail;
  }

  String remedy() {
    return remedy;
  }

  SandboxException refusal() {
    return new SandboxException(Kind.ISOLATION_UNAVAILABLE, detail + " " + remedy);
  }
}
