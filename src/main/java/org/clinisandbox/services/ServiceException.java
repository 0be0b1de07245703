package org.clinisandbox.services;

/** A server of our own could not be started; the message is a sentence for the operator. */
public final class ServiceException extends RuntimeException {
  public ServiceException(String message) {
    super(message);
  }

  public ServiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
