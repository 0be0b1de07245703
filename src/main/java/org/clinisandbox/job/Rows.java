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

/**
 * Reading columns of the jobs table. A row is read whole before anything of it is opened: opening
 * asks another database, and must not hold a connection of this one meanwhile.
 */
final class Rows {
  /** The sealed columns that {@link Sealed} takes; never the bundle, which may be large. */
  static final String SEALED = "j.client_reference, j.inputs, j.result";

  private Rows() {}

  /** Sealed columns as they stand in the row. */
  record Sealed(byte @Nullable [] clientReference, byte[] inputs, byte @Nullable [] outcome) {
    static Sealed of(ResultSet row) throws SQLException {
      return new Sealed(
          row.getBytes("client_reference"), row.getBytes("inputs"), row.getBytes("result"));
    }

    Opened open(JobVault keys) {
      return new Opened(
          clientReference == null
              ? null
              : new String(
                  keys.open(Column.CLIENT_REFERENCE, clientReference), StandardCharsets.UTF_8),
          Json.MAPPER.readTree(keys.open(Column.INPUTS, inputs)),
          outcome == null
              ? null
              : (ObjectNode) Json.MAPPER.readTree(keys.open(Column.RESULT, outcome)));
    }
  }

  /** The same, opened. */
  record Opened(
      @Nullable String clientReference, @Nullable JsonNode inputs, @Nullable ObjectNode outcome) {
    /** Not opened: the job's key is gone. */
    static final Opened NOT = new Opened(null, null, null);
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static Instant required(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(instant(row, column), column);
  }
}
