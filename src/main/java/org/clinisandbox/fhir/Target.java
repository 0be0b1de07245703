package org.clinisandbox.fhir;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a Reference points at. */
sealed interface Target {
  /** After a resource type: a transaction's conditional reference. */
  String CONDITIONAL = "?identifier=";

  /** A URL without its version, as written and resolved against its entry's server. */
  record Url(String written, String resolved) implements Target {}

  /** A contained resource. */
  record Contained(JsonNode resource) implements Target {}

  /** The resource that contains the reference: a bare {@code #}. */
  record Container() implements Target {}

  /** {@code system|value}. */
  record ByIdentifier(String identifier) implements Target {}

  /** Words only, or nothing that can be followed. */
  record Nothing() implements Target {}

  /**
   * Follows a reference that is wanted to name a resource of one type.
   *
   * @param from the entry that it stands in, at any depth
   */
  static Target of(Entry from, JsonNode holder, String wanted) {
    String stated = Nodes.text(holder, "type");
    if (stated != null && !stated.equals(wanted) && !stated.endsWith("/" + wanted)) {
      return new Nothing();
    }
    String reference = Nodes.text(holder, "reference");
    if (reference == null) {
      JsonNode identifier = holder.get("identifier");
      return byIdentifier(identifier == null ? null : identifier(identifier));
    }
    if (reference.startsWith("#")) {
      if (reference.length() == 1) {
        return new Container();
      }
      JsonNode resource = from.contained(reference.substring(1));
      return resource == null ? new Nothing() : new Contained(resource);
    }
    String conditional = conditional(reference, wanted);
    if (conditional != null) {
      return byIdentifier(conditional);
    }
    String url = unversioned(reference);
    String base = url.indexOf(':') >= 0 ? null : base(from.fullUrl());
    return new Url(url, base == null ? url : base + url);
  }

  /** {@code system|value} of a transaction's reference {@code Type?identifier=…}; else null. */
  static @Nullable String conditional(String reference, String type) {
    return reference.startsWith(CONDITIONAL, type.length()) && reference.startsWith(type)
        ? decoded(reference.substring(type.length() + CONDITIONAL.length()))
        : null;
  }

  private static Target byIdentifier(@Nullable String identifier) {
    return identifier == null ? new Nothing() : new ByIdentifier(identifier);
  }

  /** {@code system|value}, the system empty when there is none; null without a value. */
  static @Nullable String identifier(JsonNode identifier) {
    String value = Nodes.text(identifier, "value");
    String system = Nodes.text(identifier, "system");
    return value == null ? null : (system == null ? "" : system) + "|" + value;
  }

  static String unversioned(String url) {
    int history = url.indexOf("/_history/");
    return history < 0 ? url : url.substring(0, history);
  }

  /** The address of the server behind a RESTful fullUrl; null for any other. */
  static @Nullable String base(@Nullable String fullUrl) {
    if (fullUrl == null || !fullUrl.startsWith("http")) {
      return null;
    }
    int begin = typeAndId(fullUrl);
    return begin < 0 ? null : fullUrl.substring(0, begin);
  }

  /** Whether two fullUrls may be one server's: they don't show two different ones. */
  static boolean mayShareServer(@Nullable String fullUrl, @Nullable String other) {
    String here = base(fullUrl);
    String there = base(other);
    return here == null || there == null || here.equals(there);
  }

  /** The resource type that a URL shows by ending in {@code Type/id}; null when it shows none. */
  static @Nullable String type(String url) {
    int begin = typeAndId(url);
    return begin < 0 ? null : url.substring(begin, url.lastIndexOf('/'));
  }

  /** Where {@code Type/id} begins at the end of a URL; -1 when it does not end so. */
  private static int typeAndId(String url) {
    int slash = url.lastIndexOf('/');
    int idLength = url.length() - slash - 1;
    if (slash < 2 || idLength < 1 || idLength > 64) {
      return -1;
    }
    for (int i = slash + 1; i < url.length(); i++) {
      char c = url.charAt(i);
      if (!isLetter(c) && (c < '0' || c > '9') && c != '-' && c != '.') {
        return -1;
      }
    }
    int begin = url.lastIndexOf('/', slash - 1) + 1;
    if (slash - begin < 2 || slash - begin > 64 || url.charAt(begin) > 'Z') {
      return -1;
    }
    for (int i = begin; i < slash; i++) {
      if (!isLetter(url.charAt(i))) {
        return -1;
      }
    }
    return begin;
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static @Nullable String decoded(String query) {
    try {
      return URLDecoder.decode(query, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
