package org.clinisandbox.sandbox.bubblewrap;

import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.contract.Subject;

class BubblewrapBackendTest extends BackendContract {
  BubblewrapBackendTest() {
    super(Subject.BUBBLEWRAP);
  }
}
