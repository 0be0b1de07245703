package org.clinisandbox.stage;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * All that a recording says of a stage. Nothing of a patient may be added: recordings are copied.
 */
@Name(StageEvent.NAME)
@Label("Stage")
@Description("A stage of a job's way, from reading the request to its webhook")
@Category("CliniSandbox")
@StackTrace(false)
final class StageEvent extends Event {
  static final String NAME = "org.clinisandbox.Stage";

  @Label("Stage")
  @Nullable String stage;

  @Label("Job")
  @Description("The job's id; none before there is a job")
  @Nullable String job;
}
