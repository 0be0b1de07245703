package org.clinisandbox.sandbox.mock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;

/** For trying the API: it runs no model, and every answer says so. It takes mock images only. */
public final class MockBackend implements Backend {
  private static final String REPLY = "{\"outcome\":\"mock\",\"rationale\":\"No model was run.\"}";

  @Override
  public String name() {
    return "mock";
  }

  @Override
  public Isolation isolation() {
    return Isolation.NONE;
  }

  @Override
  public boolean runs(ModelImage image) {
    return image instanceof ModelImage.Mock;
  }

  @Override
  public Sandbox start(ModelImage image, Limits limits) throws SandboxException {
    if (!runs(image)) {
      throw new SandboxException(
          SandboxException.Kind.IMAGE_REFUSED, "The mock backend runs mock images only.");
    }
    return new MockSandbox();
  }

  @Override
  public Probe probe() {
    return new Probe(
        name(), isolation(), true, Duration.ZERO, "Runs no model; for mock images only.", null);
  }

  private static final class MockSandbox implements Sandbox {
    private boolean waiting = true;

    @Override
    public Duration readyTime() {
      return Duration.ZERO;
    }

    @Override
    public synchronized boolean isWaiting() {
      return waiting;
    }

    @Override
    public long heldBytes() {
      return 0;
    }

    @Override
    public synchronized Answer ask(byte[] request) {
      if (!waiting) {
        throw new IllegalStateException("a sandbox answers once");
      }
      waiting = false;
      return new Answer.Replied(REPLY.getBytes(StandardCharsets.UTF_8), new byte[0], Duration.ZERO);
    }

    @Override
    public synchronized void close() {
      waiting = false;
    }
  }
}
