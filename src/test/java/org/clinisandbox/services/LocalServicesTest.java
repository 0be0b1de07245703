package org.clinisandbox.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers that {@code up} brings along, and the folder that they live in. */
class LocalServicesTest {
  @TempDir Path folder;

  @Test
  void both_ask_for_a_password_and_keep_their_data_over_a_restart() throws Exception {
    Path data = folder.resolve("data");
    try (DataFolder opened = DataFolder.open(data);
        LocalServices services = new LocalServices(opened)) {
      services.start(step -> {});
      Databases.Address admin = Databases.Address.parse(services.adminUrl());
      String jdbc = "jdbc:postgresql://127.0.0.1:" + admin.port() + "/postgres";

      try (var connection = DriverManager.getConnection(jdbc, "postgres", admin.password());
          var statement = connection.createStatement()) {
        statement.execute("create table kept (word text)");
        var fsync = statement.executeQuery("show fsync");
        assertThat(fsync.next()).isTrue();
        assertThat(fsync.getString(1)).isEqualTo("on");
      }
      for (String wrong : new String[] {"", "postgres"}) {
        assertThatThrownBy(() -> DriverManager.getConnection(jdbc, "postgres", wrong))
            .isInstanceOf(SQLException.class);
      }
      assertThat(ping(services.redisUrl())).isEqualTo("PONG");
      String withoutPassword = services.redisUrl().replaceFirst(":[^@/]*@", "");
      assertThatThrownBy(() -> ping(withoutPassword)).isInstanceOf(RedisException.class);
    }
    try (DataFolder opened = DataFolder.open(data);
        LocalServices services = new LocalServices(opened)) {
      services.start(step -> {});
      Databases.Address admin = Databases.Address.parse(services.adminUrl());
      String jdbc = "jdbc:postgresql://127.0.0.1:" + admin.port() + "/postgres";
      try (var connection = DriverManager.getConnection(jdbc, "postgres", admin.password());
          var statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("insert into kept values ('x')")).isEqualTo(1);
      }
    }
  }

  private static String ping(String url) {
    RedisClient client = RedisClient.create(url);
    try {
      return client.connect().sync().ping();
    } finally {
      client.shutdown();
    }
  }

  @Test
  void the_folder_and_its_secrets_are_for_their_owner_alone() throws IOException {
    Path data = folder.resolve("data");
    try (DataFolder opened = DataFolder.open(data)) {
      String password = OwnerOnly.password(opened.resolve("secret"));

      assertThat(password).hasSize(48).isEqualTo(OwnerOnly.password(opened.resolve("secret")));
      assertThat(Files.getPosixFilePermissions(data))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.getPosixFilePermissions(opened.resolve("secret")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void a_folder_with_somebody_elses_files_is_refused_and_left_as_it_is() throws IOException {
    Files.writeString(folder.resolve("letter"), "mine");
    var before = Files.getPosixFilePermissions(folder);

    assertThatThrownBy(() -> DataFolder.open(folder))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("--data");
    assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(before);
  }

  @Test
  void a_folder_is_held_by_one_at_a_time() throws IOException {
    Path data = folder.resolve("data");
    try (DataFolder first = DataFolder.open(data)) {
      assertThat(first.toString()).endsWith("data");
      assertThatThrownBy(() -> DataFolder.open(data)).isInstanceOf(ServiceException.class);
    }
    DataFolder.open(data).close();
  }
}
