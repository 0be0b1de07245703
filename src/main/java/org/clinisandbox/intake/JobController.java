package org.clinisandbox.intake;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.JobStatus;
import org.clinisandbox.job.JobView;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.tenant.Tenants;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Jobs: looked up, listed, cancelled. */
@RestController
@RequestMapping("/v1/jobs")
public class JobController {
  private static final int MOST = 200;

  private final Jobs jobs;

  public JobController(Jobs jobs) {
    this.jobs = jobs;
  }

  @GetMapping("/{id}")
  ObjectNode job(@PathVariable String id) {
    return uuid(id)
        .flatMap(uuid -> jobs.find(Tenants.LOCAL, uuid))
        .map(JobJson::whole)
        .orElseThrow(() -> Problem.notFound("job"));
  }

  @GetMapping
  ObjectNode list(
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(name = "model_key", required = false) @Nullable String modelKey,
      @RequestParam(defaultValue = "50") int limit,
      @RequestParam(required = false) @Nullable String after) {
    if (modelKey != null && modelKey.indexOf('\0') >= 0) {
      throw Problem.badRequest("model_key holds no control characters.");
    }
    if (limit < 1 || limit > MOST) {
      throw Problem.badRequest("limit must be from 1 to " + MOST + ".");
    }
    List<JobView> page =
        jobs.list(
            Tenants.LOCAL,
            status == null ? null : status(status),
            modelKey,
            limit,
            after == null
                ? null
                : uuid(after)
                    .orElseThrow(() -> Problem.badRequest("after must be the next of a page.")));
    ObjectNode json = Json.MAPPER.createObjectNode();
    var array = json.putArray("jobs");
    page.forEach(job -> array.add(JobJson.brief(job)));
    return json.put("next", page.size() == limit ? page.getLast().id().toString() : null);
  }

  @DeleteMapping("/{id}")
  ObjectNode cancel(@PathVariable String id) {
    UUID uuid = uuid(id).orElseThrow(() -> Problem.notFound("job"));
    return switch (jobs.cancel(Tenants.LOCAL, uuid)) {
      case CANCELLED -> job(id);
      case NO_SUCH_JOB -> throw Problem.notFound("job");
      case ALREADY_FINISHED ->
          throw Problem.conflict(
              "already-finished", "The job has ended already", "It can't be cancelled any more.");
    };
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static JobStatus status(String label) {
    return Arrays.stream(JobStatus.values())
        .filter(status -> status.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.badRequest(
                    "status must be one of queued, running, succeeded, failed, cancelled."));
  }
}
