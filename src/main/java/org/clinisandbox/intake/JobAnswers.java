package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.Endings;
import org.clinisandbox.job.JobStatus;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.tenant.Tenants;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.node.ObjectNode;

/** How an accepted job is answered: at once, or when it has ended if the client prefers to wait. */
public final class JobAnswers {
  private static final Pattern WAIT = Pattern.compile("(?:.*,)?\\s*wait=(\\d{1,4})\\s*(?:,.*)?");
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final Jobs jobs;
  private final Endings endings;
  private final String publicUrl;

  public JobAnswers(Jobs jobs, Endings endings, String publicUrl) {
    this.jobs = jobs;
    this.endings = endings;
    this.publicUrl = publicUrl;
  }

  /** The answer to a request that came to a job, or the problem of one that did not. */
  ResponseEntity<ObjectNode> of(HttpServletRequest request, Acceptance acceptance) {
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
      case Acceptance.MovedOn moved ->
          throw Problem.unavailable("The negotiation is busy. Send the answer again.");
      case Acceptance.CallbackRefused refused -> throw Problem.callbackRefused(refused.reason());
    };
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

  /** Where a job is looked up. */
  String url(UUID job) {
    return publicUrl + "/v1/jobs/" + job;
  }

  private static Duration wait(HttpServletRequest request) {
    String prefer = request.getHeader("Prefer");
    Matcher matcher = prefer == null ? null : WAIT.matcher(prefer);
    return matcher == null || !matcher.matches()
        ? Duration.ZERO
        : Duration.ofSeconds(Math.min(LONGEST_WAIT_SECONDS, Integer.parseInt(matcher.group(1))));
  }

  /**
   * Looks at the job when its end is told, and less and less often in case nobody tells it, until
   * it has ended or the time is over.
   */
  private Optional<ObjectNode> ended(UUID job, Duration time) {
    if (time.isZero()) {
      return Optional.empty();
    }
    long end = System.nanoTime() + time.toNanos();
    Duration pause = FIRST_PAUSE;
    try (Endings.Watch watch = endings.watch(job)) {
      while (System.nanoTime() < end) {
        if (jobs.status(Tenants.LOCAL, job).filter(JobStatus::isFinal).isPresent()) {
          return jobs.find(Tenants.LOCAL, job).map(JobJson::whole);
        }
        watch.await(pause);
        pause = pause.multipliedBy(5).dividedBy(4);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DataAccessException | TransactionException e) {
      // The job was accepted all the same, and that is the answer.
    }
    return Optional.empty();
  }
}
