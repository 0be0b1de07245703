package org.clinisandbox.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Registration;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Backends;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.WarmPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sandbox of each job: of the registered image, at the level that model and tenant ask for. */
public final class Sandboxes implements AutoCloseable {
  /** Stands for every tenant that is not named. */
  public static final String ANY_TENANT = "*";

  private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);
  private static final int WARM_SECONDS = 30;

  private final Registry registry;
  private final ModelImages images;
  private final Backends backends;
  private final WarmPool pool;
  private final Map<String, Isolation> minimums;
  private final ScheduledExecutorService warming =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("warming").factory());

  /**
   * @param minimums the weakest isolation for each tenant's jobs, by name or {@link #ANY_TENANT}
   */
  public Sandboxes(
      Registry registry,
      ModelImages images,
      Backends backends,
      WarmPool pool,
      Map<String, Isolation> minimums) {
    this.registry = registry;
    this.images = images;
    this.backends = backends;
    this.pool = pool;
    this.minimums = Map.copyOf(minimums);
  }

  /** One patient's. Whoever took it gives it back to {@link #done}. */
  record Taken(ModelImage image, Backend backend, Sandbox sandbox) {}

  /** Keeps a sandbox of every active model ready, from now on and as models come and go. */
  public void start() {
    var _ = warming.scheduleWithFixedDelay(this::warm, 0, WARM_SECONDS, TimeUnit.SECONDS);
  }

  private void warm() {
    try {
      List<WarmPool.Key> keys = new ArrayList<>();
      for (Registration registration : registry.list()) {
        if (registration instanceof Registration.Model model
            && model.state() == Registration.State.ACTIVE) {
          try {
            keys.add(key(model, ANY_TENANT));
          } catch (SandboxException e) {
            // It cannot run here; the job that asks for it is told.
          }
        }
      }
      pool.keep(keys);
      images.collect();
    } catch (RuntimeException | IOException e) {
      LOG.warn("Sandboxes could not be made ready: {}", e.getClass().getSimpleName());
    }
  }

  /**
   * A ready sandbox, never given before.
   *
   * @throws SandboxException when the image is not the registered one, or nothing here runs it at
   *     the level asked for
   */
  Taken take(Registration.Model model, String tenant) throws SandboxException {
    WarmPool.Key key = key(model, tenant);
    return new Taken(key.image(), key.backend(), pool.take(key).sandbox());
  }

  /** Ends a sandbox, without making anybody wait for that. */
  void done(Taken taken) {
    pool.retire(taken.sandbox());
  }

  private WarmPool.Key key(Registration.Model model, String tenant) throws SandboxException {
    ModelImage image = image(model);
    return new WarmPool.Key(
        backends.choose(image, minimum(model, tenant)), image, model.manifest().limits());
  }

  private Isolation minimum(Registration.Model model, String tenant) {
    Isolation ofTenant =
        minimums.getOrDefault(tenant, minimums.getOrDefault(ANY_TENANT, Isolation.NONE));
    Isolation ofModel = model.manifest().minimum();
    return ofTenant.compareTo(ofModel) > 0 ? ofTenant : ofModel;
  }

  /** The image as it was registered; one without a digest is pinned to what is there now. */
  private ModelImage image(Registration.Model model) throws SandboxException {
    ModelImage found = images.resolve(model.manifest());
    String digest = found.digest();
    if (digest != null) {
      String pinned = model.digest();
      if (!digest.equals(pinned != null ? pinned : registry.pin(model.id(), digest))) {
        throw new SandboxException(
            SandboxException.Kind.DIGEST_MISMATCH,
            "The image "
                + model.manifest().image()
                + " is not the one that was registered; restore it or register a new version.");
      }
    }
    return found;
  }

  @Override
  public void close() {
    warming.shutdownNow();
  }
}
