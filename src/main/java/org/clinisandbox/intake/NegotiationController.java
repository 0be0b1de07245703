package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.tenant.Tenants;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** A negotiation under way: answered, and looked at. */
@RestController
@RequestMapping("/v1/negotiations")
public class NegotiationController {
  private final Bodies bodies;
  private final Turns turns;
  private final JobAnswers answers;

  public NegotiationController(Bodies bodies, Turns turns, JobAnswers answers) {
    this.bodies = bodies;
    this.turns = turns;
    this.answers = answers;
  }

  @PostMapping("/{id}/answers")
  ResponseEntity<ObjectNode> answer(@PathVariable String id, HttpServletRequest request) {
    Bodies.mediaType(request, MediaType.APPLICATION_JSON, Bodies.FHIR_JSON);
    UUID negotiation = id(id);
    Acceptance acceptance =
        bodies.with(
            request,
            body ->
                turns.answer(Tenants.LOCAL, negotiation, bodies.json(body), Languages.of(request)));
    return answers.of(request, acceptance);
  }

  @GetMapping("/{id}")
  ObjectNode show(@PathVariable String id, HttpServletRequest request) {
    return turns.standing(Tenants.LOCAL, id(id), answers::url, Languages.of(request));
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("negotiation");
    }
  }
}
