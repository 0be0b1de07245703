package org.clinisandbox.fhir.path;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;

/** The functions on texts, each charged before it is carried out. */
final class Texts {
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(?:\\.[0-9]{1,40})?");
  private static final int SEARCH_STEP = 64;

  private final Meter meter;

  Texts(Meter meter) {
    this.meter = meter;
  }

  /** The text of a collection's only item; null when it is empty. */
  @Nullable String single(List<Item> items) {
    Item value = Evaluator.single(items);
    if (value == null) {
      return null;
    }
    // FHIR's dates are read as the strings that they are in JSON.
    if (items.getFirst() instanceof Node n && n.json() != null && n.json().isString()) {
      return n.json().stringValue();
    }
    return of(value);
  }

  String of(Item item) {
    if (item instanceof Text t) {
      return t.value();
    }
    throw new Stop(Cause.TYPE);
  }

  /** As toString() gives it. */
  String plain(Item value) {
    return switch (value) {
      case Text t -> t.value();
      case Bool b -> String.valueOf(b.value());
      case Num n -> n.value().toPlainString();
      case Amount a -> {
        meter.make(a.unit().length());
        yield a.value().toPlainString() + " '" + a.unit() + "'";
      }
      case Moment m -> m.toString();
      case Node _ -> throw new Stop(Cause.TYPE);
    };
  }

  static @Nullable Bool toBoolean(String text) {
    return switch (text.length() > 5 ? "" : text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1", "1.0" -> new Bool(true);
      case "false", "f", "no", "n", "0", "0.0" -> new Bool(false);
      default -> null;
    };
  }

  static @Nullable Num toNumber(String text) {
    return text.length() <= 82 && NUMBER.matcher(text).matches()
        ? Num.of(new BigDecimal(text))
        : null;
  }

  @Nullable Item call(Function function, String text, List<Item> arguments) {
    meter.read(text.length());
    return switch (function) {
      case STARTS_WITH -> new Bool(text.startsWith(of(arguments.getFirst())));
      case ENDS_WITH -> new Bool(text.endsWith(of(arguments.getFirst())));
      case CONTAINS -> new Bool(search(text, of(arguments.getFirst())) >= 0);
      case INDEX_OF -> Num.whole(search(text, of(arguments.getFirst())));
      case SUBSTRING -> substring(text, arguments);
      case LENGTH -> Num.whole(text.length());
      case UPPER -> {
        meter.make(text.length());
        yield made(text.toUpperCase(Locale.ROOT));
      }
      case LOWER -> {
        meter.make(text.length());
        yield made(text.toLowerCase(Locale.ROOT));
      }
      default -> replace(text, of(arguments.get(0)), of(arguments.get(1)));
    };
  }

  /** Letters can become several, so a changed text is measured again. */
  private Text made(String text) {
    meter.make(text.length());
    return new Text(text);
  }

  // The worst case of a search is the product of both lengths.
  private int search(String text, String wanted) {
    meter.steps((long) text.length() * wanted.length() / SEARCH_STEP);
    return text.indexOf(wanted);
  }

  private @Nullable Text substring(String text, List<Item> arguments) {
    int start = Evaluator.integer(arguments.getFirst());
    if (start < 0 || start >= text.length()) {
      return null;
    }
    int length = arguments.size() > 1 ? Evaluator.integer(arguments.get(1)) : text.length();
    int end = Math.clamp((long) start + length, start, text.length());
    meter.make(end - start);
    return new Text(text.substring(start, end));
  }

  private Text replace(String text, String pattern, String by) {
    meter.steps((long) text.length() * pattern.length() / SEARCH_STEP);
    long count = pattern.isEmpty() ? text.length() + 1L : 0;
    if (!pattern.isEmpty()) {
      int at = text.indexOf(pattern);
      while (at >= 0) {
        count++;
        at = text.indexOf(pattern, at + pattern.length());
      }
    }
    meter.make(text.length() + count * (by.length() - pattern.length()));
    return new Text(text.replace(pattern, by));
  }
}
