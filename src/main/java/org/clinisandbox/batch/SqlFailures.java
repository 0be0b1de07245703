package org.clinisandbox.batch;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What a failed statement says about what it was to store. */
public final class SqlFailures {
  /** No connection, no resources, the server's end, the server's own fault. */
  private static final Set<String> NOT_OF_A_ROW = Set.of("08", "53", "57", "58", "XX");

  private SqlFailures() {}

  /**
   * Whether the server refused the statement, for what is in one of its rows or for whom it met:
   * nothing of it is stored, and its rows may fare better one by one. False when the server was
   * away, or went away and left open what became of the statement.
   */
  public static boolean oneRowMayBeToBlame(RuntimeException failure) {
    String state = state(failure);
    return state != null && state.length() == 5 && !NOT_OF_A_ROW.contains(state.substring(0, 2));
  }

  /** Whether nothing of it is stored for certain: the server refused it, or was not reached. */
  public static boolean nothingIsStored(RuntimeException failure) {
    return failure instanceof CannotGetJdbcConnectionException
        || failure instanceof CannotCreateTransactionException
        || oneRowMayBeToBlame(failure);
  }

  /** PostgreSQL's code for what happened; null when it said nothing. */
  public static @Nullable String state(RuntimeException failure) {
    return failure instanceof DataAccessException e
            && e.getMostSpecificCause() instanceof SQLException sql
        ? sql.getSQLState()
        : null;
  }
}
