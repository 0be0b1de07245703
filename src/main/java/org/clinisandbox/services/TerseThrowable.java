package org.clinisandbox.services;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/**
 * Writes exceptions into the log by class and place, without their messages: a library's message
 * may quote the data it stumbled over.
 */
public final class TerseThrowable extends ThrowableHandlingConverter {
  private static final int FRAMES = 8;

  @Override
  public String convert(ILoggingEvent event) {
    StringBuilder text = new StringBuilder();
    for (IThrowableProxy cause = event.getThrowableProxy();
        cause != null;
        cause = cause.getCause()) {
      text.append(text.isEmpty() ? "  " : "  caused by ").append(cause.getClassName());
      text.append(System.lineSeparator());
      StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
      for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
        text.append("    ").append(frames[i].getSTEAsString()).append(System.lineSeparator());
      }
    }
    return text.toString();
  }
}
