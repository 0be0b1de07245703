package org.clinisandbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.clinisandbox.job.Courier;
import org.clinisandbox.job.Deliveries;
import org.clinisandbox.job.Hints;
import org.clinisandbox.job.Leases;
import org.clinisandbox.job.Negotiations;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.sandbox.WarmPool;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.CallbackGuard;
import org.clinisandbox.webhook.WebhookSender;
import org.clinisandbox.worker.JobRunner;
import org.clinisandbox.worker.Sandboxes;
import org.clinisandbox.worker.Worker;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The role {@code worker}: jobs in, results and webhooks out. */
class WorkerWiring {
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration FORGET = Duration.ofMinutes(1);
  private static final Duration TIMED_WORK_POLL = Duration.ofMillis(250);

  /** What a dead worker had begun is begun again after so many of these. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private static final int MISSED_HEARTBEATS = 4;

  private static final int WEBHOOKS_AT_ONCE = 16;

  @Bean
  Leases leases(
      JdbcClient jdbc, TransactionTemplate transaction, Vault vault, Deliveries deliveries) {
    return new Leases(jdbc, transaction, vault, deliveries);
  }

  @Bean
  ModelHost modelHost(Settings settings) {
    return HostModels.open(settings, settings.path(Setting.CLINISANDBOX_HOME));
  }

  @Bean
  WarmPool warmPool(ModelHost host, Settings settings, Clock clock) {
    return new WarmPool(WarmPool.Settings.within(HostModels.warmMemory(settings)), clock);
  }

  @Bean
  Sandboxes sandboxes(Registry registry, ModelHost host, WarmPool pool, Settings settings) {
    return new Sandboxes(
        registry, host.images(), host.backends(), pool, HostModels.minimums(settings));
  }

  @Bean
  JobRunner jobRunner(
      Leases leases, Registry registry, Sandboxes sandboxes, Settings settings, Clock clock) {
    return new JobRunner(leases, registry, sandboxes, settings.modelSettings(), clock);
  }

  @Bean
  Worker worker(JobQueue queue, Leases leases, JobRunner runner, Settings settings) {
    return new Worker(CoreWiring.processName(), settings.workers(), queue, leases, runner);
  }

  /** Last, so that models which are made ready take no processor from the start. */
  @Bean
  ApplicationRunner begin(Sandboxes sandboxes, Worker worker) {
    return arguments -> {
      sandboxes.start();
      worker.start();
    };
  }

  @Bean
  Courier courier(
      JdbcClient jdbc,
      Vault vault,
      Tenants tenants,
      CallbackGuard callbacks,
      Settings settings,
      Clock clock) {
    return new Courier(
        jdbc,
        vault,
        tenants,
        new WebhookSender(callbacks, clock, WebhookSender.CUT_OFF),
        RandomGenerator.getDefault(),
        settings.text(Setting.CLINISANDBOX_PUBLIC_URL),
        clock);
  }

  /** Webhooks when they are due, on one worker each; the sweep, on one worker in all. */
  @Bean(destroyMethod = "stop")
  Scheduler timedWork(
      HikariDataSource database,
      Courier courier,
      Deliveries deliveries,
      Hints hints,
      Negotiations negotiations) {
    RecurringTask<Void> sweep =
        Tasks.recurring("sweep", FixedDelay.of(SWEEP))
            .execute((instance, context) -> hints.sweep());
    RecurringTask<Void> forgetting =
        Tasks.recurring("forget negotiations", FixedDelay.of(FORGET))
            .execute((instance, context) -> negotiations.sweep());
    Scheduler scheduler =
        Scheduler.create(database, courier.task())
            .startTasks(sweep, forgetting)
            .threads(WEBHOOKS_AT_ONCE)
            .pollingInterval(TIMED_WORK_POLL)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .build();
    deliveries.whenCommitted(scheduler::triggerCheckForDueExecutions);
    scheduler.start();
    return scheduler;
  }
}
