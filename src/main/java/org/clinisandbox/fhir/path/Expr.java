package org.clinisandbox.fhir.path;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A compiled expression: a tree without cycles, of limited height. */
sealed interface Expr {
  /** The column where it is written, from 1. */
  int at();

  /**
   * A value as it is written.
   *
   * @param value null for {@code {}}
   */
  record Literal(@Nullable Item value, int at) implements Expr {}

  record Self(int at) implements Expr {}

  record Index(int at) implements Expr {}

  record Total(int at) implements Expr {}

  record Variable(String name, int at) implements Expr {}

  /** A path that begins with a type: the input, where it is of this type. */
  record Start(Types.Name type, int at) implements Expr {}

  record Member(Expr of, String name, int at) implements Expr {}

  record Call(Expr of, Function function, List<Expr> arguments, int at) implements Expr {}

  record Typed(Expr of, TypeUse use, Types.Name type, int at) implements Expr {}

  record Element(Expr of, Expr index, int at) implements Expr {}

  record Negated(Expr of, int at) implements Expr {}

  record Binary(Operator operator, Expr left, Expr right, int at) implements Expr {}

  enum TypeUse {
    IS("is"),
    AS("as"),
    OF_TYPE("ofType");

    private final String written;

    TypeUse(String written) {
      this.written = written;
    }

    static @Nullable TypeUse of(String name) {
      for (TypeUse use : values()) {
        if (use.written.equals(name)) {
          return use;
        }
      }
      return null;
    }
  }

  /** The expressions just below this one. */
  default Stream<Expr> parts() {
    return switch (this) {
      case Literal _, Self _, Index _, Total _, Variable _, Start _ -> Stream.of();
      case Member m -> Stream.of(m.of());
      case Typed t -> Stream.of(t.of());
      case Negated n -> Stream.of(n.of());
      case Element e -> Stream.of(e.of(), e.index());
      case Binary b -> Stream.of(b.left(), b.right());
      case Call c -> Stream.concat(Stream.of(c.of()), c.arguments().stream());
    };
  }
}
