package org.clinisandbox.intake;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A request that is refused, as RFC 9457 problem details. Its texts never hold anything of a
 * bundle.
 */
final class Problem extends RuntimeException {
  private final int status;
  private final String type;
  private final String title;
  private final Map<String, JsonNode> members = new LinkedHashMap<>();

  private Problem(int status, String type, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
    this.title = title;
  }

  private static Problem of(int status, String type, String title, String detail) {
    return new Problem(status, "urn:clinisandbox:" + type, title, detail);
  }

  static Problem badRequest(String detail) {
    return of(400, "bad-request", "The request cannot be understood", detail);
  }

  static Problem callbackRefused(String detail) {
    return of(400, "callback-refused", "The callback address may not be called", detail);
  }

  static Problem invalidManifest(String detail) {
    return of(400, "invalid-manifest", "The manifest has mistakes", detail);
  }

  static Problem forbidden(String detail) {
    return of(403, "forbidden", "This may not be done", detail);
  }

  static Problem notFound(String what) {
    return of(404, "not-found", "Not found", "There is no such " + what + ".");
  }

  static Problem negotiationExpired() {
    return of(
        410,
        "negotiation-expired",
        "The negotiation is over",
        "Its answers did not come in time. Send the bundle again, to /v1/diagnose.");
  }

  static Problem conflict(String type, String title, String detail) {
    return of(409, type, title, detail);
  }

  static Problem tooLarge(String detail) {
    return of(413, "too-large", "The request is over a limit", detail);
  }

  static Problem unsupported(String detail) {
    return of(415, "unsupported-media-type", "The media type is not taken here", detail);
  }

  static Problem unprocessable(String type, String title, String detail) {
    return of(422, type, title, detail);
  }

  static Problem unavailable(String detail) {
    return of(503, "unavailable", "No work can be taken on now", detail);
  }

  static Problem other(int status, String title) {
    return of(status, "http-" + status, title, title + ".");
  }

  /** Adds a member of the problem's own type. */
  Problem with(String member, JsonNode value) {
    members.put(member, value);
    return this;
  }

  int status() {
    return status;
  }

  /** The body, in the order that RFC 9457 names its members. */
  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type);
    body.put("status", status);
    body.put("title", title);
    body.put("detail", getMessage());
    body.putAll(members);
    return body;
  }
}
