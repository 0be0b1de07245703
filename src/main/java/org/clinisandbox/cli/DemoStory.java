package org.clinisandbox.cli;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The story that the demo tells: a synthetic patient's real record is refused with questions, the
 * questions are answered, and a diagnosis comes back. Every step is checked.
 */
final class DemoStory {
  private static final String RECORD = "synthea_record";
  private static final String VITALS = "sepsis_valid";

  private final URI server;
  private final DemoReceiver receiver;
  private final String secret;
  private final HttpClient http = HttpClient.newHttpClient();

  DemoStory(URI server, DemoReceiver receiver, String secret) {
    this.server = server;
    this.receiver = receiver;
    this.secret = secret;
  }

  void tell() throws IOException, InterruptedException {
    ObjectNode record = sample(RECORD);
    title(
        "1. A record as a hospital has it, "
            + entries(record).size()
            + " entries, asks for a score");
    record.put("callback_url", receiver.url());
    record.put("client_reference", "demo-1");
    JsonNode refusal = refused(record);
    title("2. The nurse measures, and the chatbot sends the answers and nothing else");
    String job =
        accepted(
            refusal.path("negotiation_id").asString(""),
            answers(refusal.path("questionnaire"), sample(VITALS)));
    title("3. The model runs in a sandbox that has seen nobody else");
    JsonNode finished = finished(job);
    title("4. The chatbot's server gets a signed webhook");
    verified(job, finished);
    System.out.println();
    System.out.println("Every step held.");
  }

  private JsonNode refused(ObjectNode record) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/v1/diagnose", "application/json", record);
    JsonNode body = Json.MAPPER.readTree(answer.body());
    expect(answer.statusCode() == 422, "a refusal with status 422", answer.statusCode());
    expect(
        body.path("type").asString("").equals("urn:clinisandbox:data-required"),
        "the type data-required",
        body.path("type"));
    line("422 " + body.path("detail").asString(""));
    for (JsonNode gap : body.path("gaps")) {
      line(
          "  %-9s %-12s %s"
              .formatted(
                  gap.path("answered_by").asString(""),
                  gap.path("reason").asString(""),
                  gap.path("ask").asString(gap.path("detail").asString(""))));
    }
    int gaps = body.path("gaps").size();
    expect(gaps > 0, "at least one gap", gaps);
    expect(body.path("questionnaire").path("item").size() == gaps, "a question for each gap", gaps);
    return body;
  }

  /** Fills the form in with the vital signs of a bundle; what it has not is not known. */
  private static ObjectNode answers(JsonNode form, ObjectNode vitals) {
    ObjectNode response = Json.MAPPER.createObjectNode();
    response.put("resourceType", "QuestionnaireResponse").put("status", "completed");
    response.put("authored", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    ArrayNode items = response.putArray("item");
    for (JsonNode question : form.path("item")) {
      ObjectNode item = items.addObject();
      item.put("linkId", question.path("linkId").asString(""));
      ObjectNode answer = item.putArray("answer").addObject();
      JsonNode measured = measured(question.at("/code/0/code").asString(""), vitals);
      if (measured.has("valueQuantity")) {
        answer.set("valueDecimal", measured.at("/valueQuantity/value"));
      } else if (measured.has("valueCodeableConcept")) {
        answer.set("valueCoding", measured.at("/valueCodeableConcept/coding/0"));
      } else {
        answer
            .putArray("extension")
            .addObject()
            .put("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason")
            .put("valueCode", "asked-unknown");
      }
      line(
          "%-14s %s"
              .formatted(item.path("linkId").asString(""), answer.properties().iterator().next()));
    }
    return response;
  }

  /** The observation or component with this code; missing when there is none. */
  private static JsonNode measured(String code, ObjectNode vitals) {
    for (JsonNode entry : entries(vitals)) {
      JsonNode resource = entry.path("resource");
      if (resource.at("/code/coding/0/code").asString("").equals(code)) {
        return resource;
      }
      for (JsonNode component : resource.path("component")) {
        if (component.at("/code/coding/0/code").asString("").equals(code)) {
          return component;
        }
      }
    }
    return MissingNode.getInstance();
  }

  private String accepted(String negotiation, ObjectNode response)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        post("/v1/negotiations/" + negotiation + "/answers", "application/fhir+json", response);
    JsonNode body = Json.MAPPER.readTree(answer.body());
    expect(answer.statusCode() == 202, "an accepted job with status 202", answer.body());
    String job = body.path("job_id").asString("");
    line("202 job " + job);
    return job;
  }

  private JsonNode finished(String job) throws IOException, InterruptedException {
    Instant end = Instant.now().plusSeconds(30);
    JsonNode body;
    do {
      Thread.sleep(20);
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(server.resolve("/v1/jobs/" + job)).build(),
              HttpResponse.BodyHandlers.ofString());
      expect(answer.statusCode() == 200, "the job with status 200", answer.statusCode());
      body = Json.MAPPER.readTree(answer.body());
    } while (!body.has("ended_at") && Instant.now().isBefore(end));
    String status = body.path("status").asString("");
    expect(status.equals("succeeded"), "a job that succeeded", status);
    JsonNode result = body.path("result");
    line(
        "NEWS2 score " + result.path("score") + ", outcome " + result.path("outcome").asString(""));
    line(result.path("rationale").asString(""));
    for (JsonNode input : body.path("inputs")) {
      line(
          "  %-14s %6s %-8s from %s"
              .formatted(
                  input.path("name").asString(""),
                  input.path("value").asString(""),
                  input.path("unit").asString(""),
                  input.path("source").asString("")));
    }
    JsonNode sandbox = body.path("sandbox");
    expect(sandbox.path("fresh").asBoolean(false), "a fresh sandbox", sandbox);
    line(
        "sandbox %s, isolation %s, ran %s ms"
            .formatted(
                sandbox.path("backend").asString(""),
                sandbox.path("isolation").asString(""),
                sandbox.path("run_ms")));
    return body;
  }

  private void verified(String job, JsonNode finished) throws InterruptedException {
    DemoReceiver.Received received = receiver.await();
    try {
      new Webhook(secret).verify(received.body(), received.headers());
    } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
      throw new CommandFailed("The webhook's signature did not verify: " + e.getMessage());
    }
    JsonNode data = Json.MAPPER.readTree(received.body()).path("data");
    expect(data.path("job_id").asString("").equals(job), "this job's webhook", data.path("job_id"));
    expect(
        data.path("result").path("score").equals(finished.path("result").path("score")),
        "the same score as the job's",
        data.path("result"));
    line("verified: " + received.body());
  }

  private HttpResponse<String> post(String path, String type, JsonNode body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static ObjectNode sample(String name) {
    return (ObjectNode) Json.MAPPER.readTree(Samples.read(name, Instant.now()));
  }

  private static ArrayNode entries(JsonNode request) {
    return (ArrayNode) request.path("fhir_bundle").path("entry");
  }

  private static void expect(boolean held, String wanted, Object got) {
    if (!held) {
      throw new CommandFailed("The demo expected " + wanted + ", and got " + got + ".");
    }
  }

  private static void title(String text) {
    System.out.println();
    System.out.println(text);
  }

  private static void line(String text) {
    System.out.println("   " + text);
  }
}
