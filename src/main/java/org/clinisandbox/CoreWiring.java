package org.clinisandbox;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import org.clinisandbox.job.Deliveries;
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
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** What every role has: the two databases, the queue, the vault. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
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

  @Bean
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
  Deliveries deliveries(JdbcClient jdbc, HikariDataSource database, Clock clock) {
    return new Deliveries(
        jdbc,
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database)).build(),
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
