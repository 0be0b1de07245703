package org.clinisandbox.worker;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.job.JobError;
import org.clinisandbox.job.Lease;
import org.clinisandbox.job.Leases;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Registration;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Exchange;
import org.clinisandbox.sandbox.ModelRequest;
import org.clinisandbox.sandbox.Reply;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.stage.Stage;
import org.clinisandbox.vault.KeyGone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Runs one leased job: inputs to a fresh sandbox, the answer checked, the outcome recorded. */
public final class JobRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** What may be chance is tried this often in all. */
  private static final int TRIES = 3;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int SEED_BYTES = 16;
  private static final byte[] NO_STDERR = new byte[0];

  private final Leases leases;
  private final Registry registry;
  private final Sandboxes sandboxes;
  private final Map<String, String> settings;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<UUID, Lease> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService heartbeats =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("heartbeats").factory());

  /**
   * @param settings what the operator has chosen for models, by the setting's name
   */
  public JobRunner(
      Leases leases,
      Registry registry,
      Sandboxes sandboxes,
      Map<String, String> settings,
      Clock clock) {
    this.leases = leases;
    this.registry = registry;
    this.sandboxes = sandboxes;
    this.settings = Map.copyOf(settings);
    this.clock = clock;
  }

  /** How a run ended. */
  private sealed interface Ending {
    record Answered(JsonNode outcome, byte[] stderr) implements Ending {}

    record Failed(JobError error, byte[] stderr) implements Ending {}

    /** This process is ending; the model is not to blame. */
    record Interrupted() implements Ending {}
  }

  /** Runs the job to its end, or gives it back; a lease lost in the meantime records nothing. */
  void run(Lease lease) {
    running.put(lease.job(), lease);
    ScheduledFuture<?> heartbeat = heartbeat(lease);
    try {
      boolean recorded =
          switch (attempt(lease)) {
            case Ending.Answered(JsonNode outcome, byte[] stderr) ->
                Stage.STORE.time(lease.job(), () -> leases.succeed(lease, outcome, stderr));
            case Ending.Failed(JobError error, byte[] stderr)
                when isByChance(error) && lease.attempt() < TRIES ->
                leases.giveBack(lease, PAUSE);
            case Ending.Failed(JobError error, byte[] stderr) -> leases.fail(lease, error, stderr);
            case Ending.Interrupted() -> leases.handBack(lease);
          };
      if (!recorded) {
        LOG.info("Job {} is no longer this worker's; its outcome was dropped.", lease.job());
      }
    } catch (KeyGone e) {
      LOG.info("Job {} was erased while it waited.", lease.job());
      leases.fail(lease, JobError.PLATFORM, NO_STDERR);
    } finally {
      heartbeat.cancel(false);
      running.remove(lease.job(), lease);
    }
  }

  /** A crash, or a failure of the host, may not come again. */
  private static boolean isByChance(JobError error) {
    return error == JobError.MODEL_CRASHED || error == JobError.PLATFORM;
  }

  private ScheduledFuture<?> heartbeat(Lease lease) {
    long period = Leases.DURATION.toMillis() / 3;
    return heartbeats.scheduleAtFixedRate(
        () -> {
          try {
            leases.extend(lease);
          } catch (RuntimeException e) {
            // The next beat tries again; two may fail before the lease runs out.
            LOG.warn("Job {}: its lease could not be extended.", lease.job());
          }
        },
        period,
        period,
        TimeUnit.MILLISECONDS);
  }

  private Ending attempt(Lease lease) throws KeyGone {
    Optional<Registration.Model> found = registry.find(lease.modelId());
    if (found.isEmpty()) {
      return new Ending.Failed(JobError.PLATFORM, NO_STDERR);
    }
    Registration.Model model = found.get();
    Manifest manifest = model.manifest();
    JsonNode inputs = Stage.OPEN.time(lease.job(), () -> leases.inputs(lease));
    if (InputJson.anyExpired(inputs, clock.instant())) {
      return new Ending.Failed(JobError.INPUT_EXPIRED, NO_STDERR);
    }
    try {
      Sandboxes.Taken taken =
          Stage.SANDBOX.time(lease.job(), () -> sandboxes.take(model, lease.tenant()));
      try {
        byte[] request = request(lease, manifest, inputs);
        Answer answer = Stage.MODEL.time(lease.job(), () -> taken.sandbox().ask(request));
        return Stage.CHECK.time(lease.job(), () -> judge(lease, manifest, inputs, taken, answer));
      } finally {
        sandboxes.done(taken);
      }
    } catch (SandboxException e) {
      LOG.warn("Job {}: {}", lease.job(), e.getMessage());
      if (Thread.currentThread().isInterrupted()) {
        return new Ending.Interrupted();
      }
      return new Ending.Failed(
          switch (e.kind()) {
            case DIGEST_MISMATCH -> JobError.MODEL_DIGEST_MISMATCH;
            case LIMIT_TOO_HIGH -> JobError.MEMORY_UNAVAILABLE;
            case IMAGE_REFUSED, ISOLATION_UNAVAILABLE -> JobError.ISOLATION_UNAVAILABLE;
            case NOT_READY -> JobError.MODEL_CRASHED;
            case HOST_FAILED -> JobError.PLATFORM;
          },
          NO_STDERR);
    }
  }

  private byte[] request(Lease lease, Manifest manifest, JsonNode inputs) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return Exchange.request(
        manifest.protocol(),
        new ModelRequest(
            lease.modelKey(),
            lease.modelVersion(),
            HexFormat.of().formatHex(seed),
            clock.instant(),
            chosen(manifest),
            InputJson.modelInputs(inputs)));
  }

  /** What the operator has chosen where the model allows it, or else the model's own fallback. */
  private Map<String, String> chosen(Manifest manifest) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (Manifest.ModelSetting setting : manifest.settings()) {
      String word = settings.getOrDefault(setting.name(), setting.fallback());
      if (!setting.allowed().contains(word)) {
        LOG.warn(
            "CLINISANDBOX_MODEL_SETTINGS gives {} a word that model {} does not allow.",
            setting.name(),
            manifest.key());
        word = setting.fallback();
      }
      chosen.put(setting.name(), word);
    }
    return chosen;
  }

  private Ending judge(
      Lease lease, Manifest manifest, JsonNode inputs, Sandboxes.Taken taken, Answer answer)
      throws KeyGone {
    return switch (answer) {
      case Answer.Failed failed -> failed(failed);
      case Answer.Replied replied ->
          switch (Exchange.read(manifest.protocol(), replied.line(), manifest.output())) {
            case Reply.Bad bad -> {
              LOG.info("Job {}: {}", lease.job(), bad.reason());
              yield new Ending.Failed(JobError.MODEL_INVALID_OUTPUT, replied.stderr());
            }
            case Reply.Good good ->
                new Ending.Answered(
                    new Outcome(
                            manifest,
                            good.reply(),
                            taken.backend().isolation() == Isolation.NONE,
                            clock.instant())
                        .json(
                            lease.job(),
                            inputs,
                            taken.image().digest(),
                            taken.backend(),
                            taken.sandbox().readyTime(),
                            replied.runTime(),
                            leases.inputDigest(lease, inputs)),
                    replied.stderr());
          };
    };
  }

  private static Ending failed(Answer.Failed failed) {
    return switch (failed.failure()) {
      case CRASHED -> new Ending.Failed(JobError.MODEL_CRASHED, failed.stderr());
      case TIMEOUT -> new Ending.Failed(JobError.MODEL_TIMEOUT, failed.stderr());
      case OUT_OF_MEMORY -> new Ending.Failed(JobError.MODEL_OUT_OF_MEMORY, failed.stderr());
      case BAD_OUTPUT -> new Ending.Failed(JobError.MODEL_INVALID_OUTPUT, failed.stderr());
      case CANCELLED -> new Ending.Interrupted();
    };
  }

  /** Gives back whatever still runs, for another worker to begin again. */
  void giveBackAll() {
    running.values().forEach(leases::handBack);
  }

  @Override
  public void close() {
    heartbeats.shutdownNow();
  }
}
