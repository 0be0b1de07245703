package org.clinisandbox;

import java.util.function.Consumer;

/** Tells people what a starting process is doing. */
record Progress(Consumer<String> told) {
  void tell(String step) {
    told.accept(step);
  }
}
