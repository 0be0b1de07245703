package org.clinisandbox.sandbox.qemu;

import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.contract.Subject;

class QemuBackendTest extends BackendContract {
  QemuBackendTest() {
    super(Subject.QEMU);
  }
}
