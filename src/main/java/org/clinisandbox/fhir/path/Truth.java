package org.clinisandbox.fhir.path;

/** What a rule says of a resource. Nothing in it comes from the resource. */
public sealed interface Truth {
  /** EMPTY is FHIRPath's third truth value: the data do not tell. */
  enum Answer implements Truth {
    TRUE,
    FALSE,
    EMPTY
  }

  /**
   * There is no answer.
   *
   * @param column of the part of the expression that was evaluated last, from 1
   */
  record Failed(Cause cause, int column) implements Truth {}

  /** Why there is no answer. */
  enum Cause {
    STEPS("it takes more steps than allowed"),
    ITEMS("a collection has more items than allowed"),
    TEXT("a text becomes longer than allowed"),
    TIME("it takes more time than allowed"),
    DEPTH("the data are nested too deep to compare"),
    NUMBER("a number has more digits than can be computed with"),
    MANY("there are several items where one is allowed"),
    TYPE("an operand or input is of the wrong type"),
    UNTYPED("JSON does not tell the type of this element; test a resource or a choice element"),
    VARIABLE("a variable has no value"),
    NOT_BOOLEAN("the result is not one boolean");

    private final String text;

    Cause(String text) {
      this.text = text;
    }

    /** A clause in plain words. */
    public String text() {
      return text;
    }
  }
}
