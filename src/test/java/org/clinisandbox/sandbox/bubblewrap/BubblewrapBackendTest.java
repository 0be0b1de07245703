package org.clinisandbox.sandbox.bubblewrap;

import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.host.Host;

class BubblewrapBackendTest extends BackendContract {
  @Override
  protected Backend open(Host host) {
    return new BubblewrapBackend(host);
  }
}
