package org.clinisandbox.fhir.validation;

import java.util.List;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Is it valid FHIR R4, by HL7's definitions? One walk over the tree tells, with nothing asked of
 * anybody else. Immutable and safe for many threads; the first one in a process reads the
 * definitions.
 */
public final class Validator {
  private final R4 r4 = R4.definitions();
  private final int most;

  /**
   * @param most how many issues it finds before it stops
   */
  public Validator(int most) {
    this.most = most;
  }

  /** Whether R4 has a resource of this name. */
  public boolean isResource(String type) {
    return r4.resource(type) != null;
  }

  /**
   * What is wrong with a bundle, in the bundle's order; never throws for what is in it.
   *
   * @param walked is given the index of each entry that the walk has left behind, as long as
   *     nothing is wrong
   * @param known other bundles to whose fullUrls it may refer
   */
  public List<Issue> validate(JsonNode bundle, IntConsumer walked, JsonNode... known) {
    Issues issues = new Issues(most);
    References references = new References(r4, issues);
    references.know(bundle);
    for (JsonNode other : known) {
      references.know(other);
    }
    new Walk(r4, issues, references, walked).bundle(bundle);
    return List.copyOf(issues.list());
  }
}
