package org.clinisandbox.sandbox.image;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a registry asks for a token, and what it gives. */
final class Challenge {
  private static final Pattern SCHEME = Pattern.compile("(?i)bearer\\s+.*");
  private static final Pattern REALM = parameter("realm");
  private static final Pattern SERVICE = parameter("service");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{1,16384}");

  private Challenge() {}

  private static Pattern parameter(String name) {
    return Pattern.compile("(?i)[\\s,]" + name + "=\"([^\"]*)\"");
  }

  /** Where a token that lets one repository be read is to be had. */
  static URI tokenAddress(String challenge, String repository) throws ImageException {
    String realm = SCHEME.matcher(challenge).matches() ? first(REALM, challenge) : null;
    if (realm == null) {
      throw ImageException.refused("is in a registry that wants more than an anonymous token");
    }
    String service = first(SERVICE, challenge);
    String query =
        (service == null ? "" : "service=" + encoded(service) + "&")
            + "scope="
            + encoded("repository:" + repository + ":pull");
    try {
      return URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
    } catch (IllegalArgumentException e) {
      throw ImageException.refused("is in a registry that wants a token from no address");
    }
  }

  private static @Nullable String first(Pattern pattern, String challenge) {
    Matcher matcher = pattern.matcher(challenge);
    return matcher.find() ? matcher.group(1) : null;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String token(byte[] answer) throws ImageException {
    JsonNode read = Json.read(answer, "the token of its registry");
    String token = Json.text(read, "token");
    if (token == null) {
      token = Json.required(read, "access_token");
    }
    if (!TOKEN.matcher(token).matches()) {
      throw ImageException.refused("is in a registry whose token is none");
    }
    return token;
  }
}
