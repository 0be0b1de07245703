package org.clinisandbox.settings;

import java.util.List;

/** Settings that cannot be used. The message lists every mistake, and no value of a secret. */
public final class SettingsException extends RuntimeException {
  public SettingsException(List<String> mistakes) {
    super(String.join("\n", mistakes));
  }

  public SettingsException(String mistake) {
    super(mistake);
  }
}
