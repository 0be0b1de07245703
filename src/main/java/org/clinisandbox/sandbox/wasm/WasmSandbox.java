package org.clinisandbox.sandbox.wasm;

import java.time.Duration;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Sandbox;

/**
 * A model that waits until there is room for it among those that run. The wait does not count
 * against its deadline.
 *
 * @param memoryBytes what it may reach
 */
record WasmSandbox(Sandbox guest, HeapBudget budget, long memoryBytes) implements Sandbox {
  @Override
  public Duration readyTime() {
    return guest.readyTime();
  }

  @Override
  public boolean isWaiting() {
    return guest.isWaiting();
  }

  @Override
  public long heldBytes() {
    return guest.heldBytes();
  }

  @Override
  public Answer ask(byte[] request) {
    try (var _ = budget.take(memoryBytes)) {
      Answer answer = guest.ask(request);
      guest.close();
      return answer;
    }
  }

  @Override
  public void close() {
    guest.close();
  }
}
