package org.clinisandbox;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import org.clinisandbox.batch.Batching;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.JsonLimits;
import org.clinisandbox.fhir.StrictJson;
import org.clinisandbox.intake.Bodies;
import org.clinisandbox.intake.DiagnoseController;
import org.clinisandbox.intake.Diagnosis;
import org.clinisandbox.intake.Edge;
import org.clinisandbox.intake.JobAnswers;
import org.clinisandbox.intake.JobController;
import org.clinisandbox.intake.ManifestSchemaController;
import org.clinisandbox.intake.MatchController;
import org.clinisandbox.intake.ModelController;
import org.clinisandbox.intake.NegotiationController;
import org.clinisandbox.intake.Negotiators;
import org.clinisandbox.intake.Problems;
import org.clinisandbox.intake.Turns;
import org.clinisandbox.intake.Validation;
import org.clinisandbox.intake.Weighing;
import org.clinisandbox.job.Deliveries;
import org.clinisandbox.job.Endings;
import org.clinisandbox.job.Hints;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.Negotiations;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.CallbackGuard;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.support.TransactionTemplate;

/** The role {@code api}: HTTP in, jobs out. */
@Import({
  DiagnoseController.class,
  NegotiationController.class,
  ManifestSchemaController.class,
  MatchController.class,
  JobController.class,
  ModelController.class,
  Problems.class
})
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

  @Bean
  Jobs jobs(
      HikariDataSource database,
      TransactionTemplate transaction,
      Vault vault,
      CallbackGuard callbacks,
      Hints hints,
      Deliveries deliveries) {
    return new Jobs(database, transaction, vault, callbacks, hints, deliveries, Batching.DEFAULT);
  }

  @Bean
  Validation validation() {
    return new Validation();
  }

  @Bean
  Negotiators negotiators() {
    return new Negotiators();
  }

  @Bean
  JobAnswers jobAnswers(Jobs jobs, Endings endings, Settings settings) {
    return new JobAnswers(jobs, endings.listen(), settings.text(Setting.CLINISANDBOX_PUBLIC_URL));
  }

  @Bean
  Weighing weighing(
      Registry registry,
      Negotiators negotiators,
      BundleCheck fhir,
      Validation validation,
      Clock clock) {
    return new Weighing(registry, negotiators, fhir, validation, clock);
  }

  @Bean
  Diagnosis diagnosis(Weighing weighing, Jobs jobs, Negotiations negotiations) {
    return new Diagnosis(weighing, jobs, negotiations);
  }

  @Bean
  Turns turns(Weighing weighing, Jobs jobs, Negotiations negotiations) {
    return new Turns(weighing, jobs, negotiations);
  }
}
