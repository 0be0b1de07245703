package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns whatever a request came to into problem details; what was not foreseen says nothing. */
@RestControllerAdvice
public class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_SECONDS = "5";

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> problem(Problem problem) {
    return answer(problem);
  }

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    TransactionException.class
  })
  ResponseEntity<Map<String, Object>> database(Exception e) {
    LOG.warn("The database is not available: {}", e.getClass().getSimpleName());
    return answer(
        Problem.unavailable("Nothing can be stored at the moment. Send the same request later."));
  }

  @ExceptionHandler({TypeMismatchException.class, InvalidParameterException.class})
  ResponseEntity<Map<String, Object>> parameter(Exception e) {
    return answer(Problem.badRequest("A parameter cannot be read."));
  }

  /** Spring's own refusals: no such route, method, media type, parameter. */
  @ExceptionHandler
  ResponseEntity<Map<String, Object>> anything(Exception e, HttpServletRequest request) {
    if (e instanceof ErrorResponse response) {
      HttpStatus status = HttpStatus.valueOf(response.getStatusCode().value());
      return answer(Problem.other(status.value(), status.getReasonPhrase()));
    }
    // The class and the place alone: a message could repeat what came in.
    LOG.error(
        "{} {} failed: {} at {}",
        request.getMethod(),
        request.getRequestURI(),
        e.getClass().getName(),
        e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
    return answer(
        Problem.other(
            HttpStatus.INTERNAL_SERVER_ERROR.value(),
            HttpStatus.INTERNAL_SERVER_ERROR.getReasonPhrase()));
  }

  private static ResponseEntity<Map<String, Object>> answer(Problem problem) {
    var response =
        ResponseEntity.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      response.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
    return response.body(problem.body());
  }
}
