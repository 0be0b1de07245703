package org.clinisandbox;

import java.time.Clock;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.JsonLimits;
import org.clinisandbox.fhir.StrictJson;
import org.clinisandbox.intake.Bodies;
import org.clinisandbox.intake.DiagnoseController;
import org.clinisandbox.intake.Diagnosis;
import org.clinisandbox.intake.Edge;
import org.clinisandbox.intake.JobController;
import org.clinisandbox.intake.ModelController;
import org.clinisandbox.intake.Problems;
import org.clinisandbox.job.Deliveries;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.Outbox;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.CallbackGuard;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The role {@code api}: HTTP in, jobs out. */
@Import({JobController.class, ModelController.class, Problems.class})
class ApiWiring {
  private static final int MOST_FINDINGS = 100;

  @Bean
  Edge edge() {
    return new Edge();
  }

  @Bean
  Bodies bodies(Settings settings) {
    return new Bodies(settings.maxBody(), new StrictJson(JsonLimits.DEFAULT));
  }

  @Bean
  BundleCheck bundleCheck() {
    return new BundleCheck(MOST_FINDINGS);
  }

  /** Readiness waits for this: the first validation loads all of R4's definitions. */
  @Bean
  ApplicationRunner warmUp(BundleCheck fhir, Progress progress) {
    return arguments -> {
      progress.tell("loading the FHIR R4 definitions");
      fhir.warmUp();
    };
  }

  @Bean
  Jobs jobs(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Vault vault,
      CallbackGuard callbacks,
      Outbox outbox,
      Deliveries deliveries) {
    return new Jobs(jdbc, transaction, vault, callbacks, outbox, deliveries);
  }

  @Bean
  Diagnosis diagnosis(Registry registry, BundleCheck fhir, Jobs jobs, Clock clock) {
    return new Diagnosis(registry, fhir, jobs, clock);
  }

  @Bean
  DiagnoseController diagnoseController(
      Bodies bodies, Diagnosis diagnosis, Jobs jobs, Vault vault, Settings settings) {
    return new DiagnoseController(
        bodies, diagnosis, jobs, vault, settings.text(Setting.CLINISANDBOX_PUBLIC_URL));
  }
}
