package org.clinisandbox.it;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The shared server's database, as an operator reaches it. */
final class Sql {
  private Sql() {}

  private static Connection connection() throws SQLException {
    URI database = URI.create(Up.node().line("database"));
    String[] user = database.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://" + database.getAuthority().split("@", 2)[1] + database.getPath();
    return DriverManager.getConnection(url, user[0], user[1]);
  }

  static void run(String statement) throws SQLException {
    try (Connection connection = connection();
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  /** The one number that a query gives. */
  static long number(String query) throws SQLException {
    try (Connection connection = connection();
        var sql = connection.createStatement();
        var rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** An active model of the mock backend, with this manifest in short. */
  static void insertMock(String key, String version, String observations) throws SQLException {
    run(
        """
        insert into diagnostic_models (name, key, version, docker_image_path, required_fhir_resources)
        values ('%s', '%s', '%s', 'mock/%s', '{"required_observations": [%s]}')
        """
            .formatted(key, key, version, key, observations));
  }
}
