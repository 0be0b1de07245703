package org.clinisandbox.sandbox.gvisor;

import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.contract.Subject;

class GvisorContractTest extends BackendContract {
  GvisorContractTest() {
    super(Subject.GVISOR);
  }
}
