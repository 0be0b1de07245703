package org.clinisandbox;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import org.clinisandbox.job.Deliveries;
import org.clinisandbox.job.Endings;
import org.clinisandbox.job.Hints;
import org.clinisandbox.job.Negotiations;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.services.Databases;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.settings.SettingsException;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.MasterKeyException;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.AllowList;
import org.clinisandbox.webhook.CallbackGuard;
import org.clinisandbox.webhook.Resolver;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.startup.StartupTimeMetricsListenerAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcObservationAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.endpoint.web.WebMvcHealthEndpointExtensionAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What every role has: the two databases, the queue, the vault; of Spring Boot an HTTP server with
 * health and metrics. Named, it need not be looked for at each start among all that Boot offers.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  EndpointAutoConfiguration.class,
  JacksonEndpointAutoConfiguration.class,
  WebEndpointAutoConfiguration.class,
  ManagementContextAutoConfiguration.class,
  ApplicationAvailabilityAutoConfiguration.class,
  ConfigurationPropertiesAutoConfiguration.class,
  LifecycleAutoConfiguration.class,
  PropertyPlaceholderAutoConfiguration.class,
  SslAutoConfiguration.class,
  TaskExecutionAutoConfiguration.class,
  AvailabilityProbesAutoConfiguration.class,
  HealthEndpointAutoConfiguration.class,
  AvailabilityHealthContributorAutoConfiguration.class,
  HealthContributorRegistryAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  CompositeMeterRegistryAutoConfiguration.class,
  MetricsAutoConfiguration.class,
  PrometheusMetricsExportAutoConfiguration.class,
  JvmMetricsAutoConfiguration.class,
  LogbackMetricsAutoConfiguration.class,
  StartupTimeMetricsListenerAutoConfiguration.class,
  SystemMetricsAutoConfiguration.class,
  ObservationAutoConfiguration.class,
  HttpEncodingAutoConfiguration.class,
  ServletManagementContextAutoConfiguration.class,
  TomcatMetricsAutoConfiguration.class,
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  WebMvcObservationAutoConfiguration.class,
  WebMvcHealthEndpointExtensionAutoConfiguration.class,
  ErrorMvcAutoConfiguration.class,
})
class CoreWiring {
  private static final int CONNECTIONS = 24;
  private static final int KEY_CONNECTIONS = 12;

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  @Primary
  HikariDataSource database(Settings settings) {
    HikariDataSource pool = Databases.pool(settings.text(Setting.DATABASE_URL), CONNECTIONS);
    Databases.checkMigrated(pool, Databases.MAIN);
    return pool;
  }

  @Bean
  HikariDataSource keyDatabase(Settings settings) {
    HikariDataSource pool = Databases.pool(settings.keysDatabaseUrl(), KEY_CONNECTIONS);
    Databases.checkMigrated(pool, Databases.KEYS);
    return pool;
  }

  @Bean
  JdbcClient jdbc(HikariDataSource database) {
    return JdbcClient.create(database);
  }

  @Bean
  TransactionTemplate transaction(HikariDataSource database) {
    return new TransactionTemplate(new DataSourceTransactionManager(database));
  }

  @Bean(destroyMethod = "destroyUnused")
  Vault vault(@Qualifier("keyDatabase") HikariDataSource keyDatabase, Settings settings) {
    try {
      return Vault.open(keyDatabase, Deployment.masterKey(settings));
    } catch (MasterKeyException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
  }

  @Bean
  Registry registry(JdbcClient jdbc) {
    return new Registry(jdbc);
  }

  @Bean
  Tenants tenants(HikariDataSource database, Vault vault) {
    return new Tenants(database, vault);
  }

  @Bean
  JobQueue queue(Settings settings) {
    try {
      return new JobQueue(settings.text(Setting.REDIS_URL), processName());
    } catch (IllegalArgumentException e) {
      // Its message would repeat the URL, and with it a password.
      throw new SettingsException("REDIS_URL must read redis://host:port.");
    }
  }

  /** This process among others: {@code pid@host}. */
  static String processName() {
    return ManagementFactory.getRuntimeMXBean().getName();
  }

  @Bean
  CallbackGuard callbackGuard(Settings settings) {
    String allowed = settings.get(Setting.CLINISANDBOX_WEBHOOK_ALLOW).orElse("");
    try {
      return new CallbackGuard(AllowList.parse(allowed), Resolver.SYSTEM);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("CLINISANDBOX_WEBHOOK_ALLOW: " + e.getMessage());
    }
  }

  @Bean
  Endings endings(JobQueue queue) {
    return new Endings(queue);
  }

  @Bean
  Deliveries deliveries(JdbcClient jdbc, HikariDataSource database, Endings endings, Clock clock) {
    return new Deliveries(
        jdbc,
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database)).build(),
        endings,
        clock);
  }

  @Bean
  Negotiations negotiations(
      JdbcClient jdbc, TransactionTemplate transaction, Vault vault, Settings settings) {
    return new Negotiations(jdbc, transaction, vault, settings.negotiations());
  }

  @Bean
  Hints hints(JdbcClient jdbc, TransactionTemplate transaction, JobQueue queue) {
    return new Hints(jdbc, transaction, queue).start();
  }

  /** Ready means that a job could be stored now. Redis is not asked: work goes on without it. */
  @Bean
  HealthIndicator databaseHealth(
      JdbcClient jdbc, @Qualifier("keyDatabase") HikariDataSource keyDatabase) {
    JdbcClient keys = JdbcClient.create(keyDatabase);
    return () -> {
      jdbc.sql("select 1").query(Integer.class).single();
      keys.sql("select 1").query(Integer.class).single();
      return Health.up().build();
    };
  }
}
