package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.IdempotencyKey;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.TenantVault;
import org.clinisandbox.vault.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/diagnose, and /v1/negotiate, which is the same without a job. */
@RestController
public class DiagnoseController {
  private static final String ROUTE = "/v1/diagnose";
  private static final int LONGEST_KEY = 255;

  private final Bodies bodies;
  private final Diagnosis diagnosis;
  private final Jobs jobs;
  private final JobAnswers answers;
  private final Vault vault;

  public DiagnoseController(
      Bodies bodies, Diagnosis diagnosis, Jobs jobs, JobAnswers answers, Vault vault) {
    this.bodies = bodies;
    this.diagnosis = diagnosis;
    this.jobs = jobs;
    this.answers = answers;
    this.vault = vault;
  }

  @PostMapping(ROUTE)
  ResponseEntity<ObjectNode> diagnose(HttpServletRequest request) {
    MediaType type = mediaType(request);
    return answers.of(request, bodies.with(request, body -> accept(request, type, body)));
  }

  @PostMapping("/v1/negotiate")
  ObjectNode negotiate(HttpServletRequest request) {
    MediaType type = mediaType(request);
    return bodies.with(
        request,
        body ->
            diagnosis.negotiate(
                Tenants.LOCAL,
                Envelope.read(request, type, bodies.json(body)),
                Languages.of(request)));
  }

  private static MediaType mediaType(HttpServletRequest request) {
    return Bodies.mediaType(request, MediaType.APPLICATION_JSON, Bodies.FHIR_JSON);
  }

  private Acceptance accept(HttpServletRequest request, MediaType type, byte[] body) {
    IdempotencyKey key = key(request, type, body);
    if (key != null) {
      Optional<Acceptance> earlier = jobs.replayOf(Tenants.LOCAL, key);
      if (earlier.isPresent()) {
        return earlier.get();
      }
    }
    return diagnosis.request(
        Tenants.LOCAL, Envelope.read(request, type, bodies.json(body)), Languages.of(request), key);
  }

  private @Nullable IdempotencyKey key(HttpServletRequest request, MediaType type, byte[] body) {
    String given = request.getHeader("Idempotency-Key");
    if (given == null) {
      return null;
    }
    if (given.isBlank() || given.length() > LONGEST_KEY) {
      throw Problem.badRequest("Idempotency-Key must have 1 to " + LONGEST_KEY + " characters.");
    }
    TenantVault keys = vault.tenant(Tenants.LOCAL);
    byte[] head = (type + "\n" + request.getQueryString() + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] whole = ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    return new IdempotencyKey(
        ROUTE, keys.mac(given.getBytes(StandardCharsets.UTF_8)), keys.mac(whole));
  }
}
