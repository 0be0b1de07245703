package org.clinisandbox.vault;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Notes, of each statement that stores jobs' keys, whether its commit waits for the disk. */
public final class DiskWaits implements AutoCloseable {
  private final JdbcClient keys;

  /** From now on. */
  public DiskWaits(JdbcClient keys) {
    this.keys = keys;
    keys.sql("create table waits (setting text)").update();
    keys.sql(
            """
            create function note_wait() returns trigger language plpgsql as $$
            begin
              insert into waits values (current_setting('synchronous_commit'));
              return null;
            end $$
            """)
        .update();
    keys.sql("create trigger wait after insert on job_keys execute function note_wait()").update();
  }

  /** Each statement's {@code synchronous_commit}, in their order. */
  public List<String> settings() {
    return keys.sql("select setting from waits").query((row, _) -> row.getString(1)).list();
  }

  @Override
  public void close() {
    keys.sql("drop function note_wait() cascade").update();
    keys.sql("drop table waits").update();
  }
}
