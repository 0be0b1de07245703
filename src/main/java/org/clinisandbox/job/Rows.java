package org.clinisandbox.job;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading columns of the jobs table. */
final class Rows {
  private Rows() {}

  /** The sealed columns of a job, opened. */
  record Opened(
      @Nullable String clientReference, @Nullable JsonNode inputs, @Nullable ObjectNode outcome) {
    /** Not opened: nobody asked, or the job's key is gone. */
    static final Opened NOT = new Opened(null, null, null);
  }

  static Opened open(ResultSet row, JobVault keys) throws SQLException {
    byte[] reference = row.getBytes("client_reference");
    byte[] outcome = row.getBytes("result");
    return new Opened(
        reference == null
            ? null
            : new String(keys.open(Column.CLIENT_REFERENCE, reference), StandardCharsets.UTF_8),
        Json.MAPPER.readTree(keys.open(Column.INPUTS, row.getBytes("inputs"))),
        outcome == null
            ? null
            : (ObjectNode) Json.MAPPER.readTree(keys.open(Column.RESULT, outcome)));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static Instant required(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(instant(row, column), column);
  }
}
