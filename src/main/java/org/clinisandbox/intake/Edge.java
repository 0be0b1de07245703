package org.clinisandbox.intake;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.Json;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What holds for every request. Each answer names its request. Without tokens, a request must be
 * meant for this machine: a web page that points a name of its own at the loopback address is kept
 * out by the Host header that its browser sends.
 */
public final class Edge extends OncePerRequestFilter {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String given = request.getHeader("X-Request-Id");
    boolean usable = given != null && REQUEST_ID.matcher(given).matches();
    response.setHeader("X-Request-Id", usable ? given : UUID.randomUUID().toString());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    String host = request.getHeader("Host");
    if (host == null || !LOCAL_HOST.matcher(host).matches()) {
      Problem problem =
          Problem.forbidden(
              "This server takes requests without a token, and so only those addressed to"
                  + " localhost.");
      response.setStatus(problem.status());
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(problem.body()));
      return;
    }
    chain.doFilter(request, response);
  }
}
