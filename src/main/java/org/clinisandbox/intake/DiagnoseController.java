package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.IdempotencyKey;
import org.clinisandbox.job.JobStatus;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.TenantVault;
import org.clinisandbox.vault.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/diagnose. */
@RestController
public class DiagnoseController {
  private static final String ROUTE = "/v1/diagnose";
  private static final Pattern WAIT = Pattern.compile("(?:.*,)?\\s*wait=(\\d{1,4})\\s*(?:,.*)?");
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final int LONGEST_KEY = 255;
  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final Bodies bodies;
  private final Diagnosis diagnosis;
  private final Jobs jobs;
  private final Vault vault;
  private final String publicUrl;

  public DiagnoseController(
      Bodies bodies, Diagnosis diagnosis, Jobs jobs, Vault vault, String publicUrl) {
    this.bodies = bodies;
    this.diagnosis = diagnosis;
    this.jobs = jobs;
    this.vault = vault;
    this.publicUrl = publicUrl;
  }

  @PostMapping(ROUTE)
  ResponseEntity<ObjectNode> diagnose(HttpServletRequest request) {
    MediaType type = Bodies.mediaType(request, MediaType.APPLICATION_JSON, Bodies.FHIR_JSON);
    Acceptance acceptance = bodies.with(request, body -> accept(request, type, body));
    return switch (acceptance) {
      case Acceptance.Accepted accepted -> answer(request, accepted.job(), false);
      case Acceptance.Replayed replayed -> answer(request, replayed.job(), true);
      case Acceptance.KeyReused reused ->
          throw Problem.conflict(
              "idempotency-key-reused",
              "The Idempotency-Key was used with another request",
              "Send a new key with a new request.");
      case Acceptance.TwinUnderWay twin ->
          throw Problem.conflict(
              "idempotency-key-in-use",
              "A request with this Idempotency-Key is under way",
              "Send it again in a moment.");
      case Acceptance.CallbackRefused refused -> throw Problem.callbackRefused(refused.reason());
    };
  }

  private Acceptance accept(HttpServletRequest request, MediaType type, byte[] body) {
    IdempotencyKey key = key(request, type, body);
    if (key != null) {
      Optional<Acceptance> earlier = jobs.replayOf(Tenants.LOCAL, key);
      if (earlier.isPresent()) {
        return earlier.get();
      }
    }
    return diagnosis.request(Tenants.LOCAL, Envelope.read(request, type, bodies.json(body)), key);
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

  private ResponseEntity<ObjectNode> answer(
      HttpServletRequest request, UUID job, boolean replayed) {
    Optional<ObjectNode> ended = ended(job, wait(request));
    if (ended.isPresent()) {
      return respond(HttpStatus.OK, job, replayed).body(ended.get());
    }
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("job_id", job.toString()).put("status", JobStatus.QUEUED.label());
    json.put("status_url", url(job));
    return respond(HttpStatus.ACCEPTED, job, replayed).body(json);
  }

  private ResponseEntity.BodyBuilder respond(HttpStatus status, UUID job, boolean replayed) {
    var response = ResponseEntity.status(status).header(HttpHeaders.LOCATION, url(job));
    if (replayed) {
      response.header("Idempotent-Replayed", "true");
    }
    return response.contentType(MediaType.APPLICATION_JSON);
  }

  private String url(UUID job) {
    return publicUrl + "/v1/jobs/" + job;
  }

  private static Duration wait(HttpServletRequest request) {
    String prefer = request.getHeader("Prefer");
    Matcher matcher = prefer == null ? null : WAIT.matcher(prefer);
    return matcher == null || !matcher.matches()
        ? Duration.ZERO
        : Duration.ofSeconds(Math.min(LONGEST_WAIT_SECONDS, Integer.parseInt(matcher.group(1))));
  }

  /** Looks at the job, less and less often, until it has ended or the time is over. */
  private Optional<ObjectNode> ended(UUID job, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    try {
      while (System.nanoTime() < end) {
        if (jobs.status(Tenants.LOCAL, job).filter(JobStatus::isFinal).isPresent()) {
          return jobs.find(Tenants.LOCAL, job).map(JobJson::whole);
        }
        Thread.sleep(pause);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause + pause / 4);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DataAccessException | TransactionException e) {
      // The job was accepted all the same, and that is the answer.
    }
    return Optional.empty();
  }
}
