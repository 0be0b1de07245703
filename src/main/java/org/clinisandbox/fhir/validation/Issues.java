package org.clinisandbox.fhir.validation;

import java.util.ArrayList;
import java.util.List;

/** What one walk has found so far, up to a bound. */
final class Issues {
  private final int most;
  private final List<Issue> list = new ArrayList<>();
  private int entry = -1;

  Issues(int most) {
    this.most = most;
  }

  /** What comes from now on is about this entry. */
  void enter(int index) {
    entry = index;
  }

  void add(String code, At at, String message) {
    if (!isFull()) {
      list.add(new Issue(entry, code, at.expression(), message));
    }
  }

  /** Whether there is no need to look further. */
  boolean isFull() {
    return list.size() >= most;
  }

  List<Issue> list() {
    return list;
  }
}
