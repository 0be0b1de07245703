package org.clinisandbox.sandbox.qemu;

/** What carries out a machine's instructions. */
enum Accelerator {
  /** The processor itself. */
  KVM("kvm"),
  /** QEMU's translator, which keeps at most 64 MiB of what it has translated. */
  TCG("tcg,tb-size=64");

  private final String option;

  Accelerator(String option) {
    this.option = option;
  }

  String option() {
    return option;
  }
}
