package org.clinisandbox.sandbox.gvisor;

import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.host.Host;

class GvisorContractTest extends BackendContract {
  @Override
  protected Backend open(Host host) {
    return new GvisorBackend(host);
  }
}
