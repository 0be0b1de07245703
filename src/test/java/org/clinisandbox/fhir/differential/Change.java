package org.clinisandbox.fhir.differential;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The sorts of change that a mutation makes at one place. */
enum Change {
  DROP {
    @Override
    boolean apply(Slot slot, Scene scene) {
      slot.remove();
      return true;
    }
  },
  DUPLICATE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      if (slot.holder() instanceof ArrayNode array) {
        array.add(slot.value().deepCopy());
      } else if (slot.value() instanceof ArrayNode array && !array.isEmpty()) {
        array.add(array.get(0).deepCopy());
      } else {
        slot.set(scene.array(slot.value().deepCopy(), slot.value().deepCopy()));
      }
      return true;
    }
  },
  RETYPE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      JsonNode old = slot.value().deepCopy();
      slot.set(
          switch (scene.random().nextInt(10)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(scene.random().nextInt(100));
            case 2 -> NODES.booleanNode(scene.random().nextBoolean());
            case 3 -> NODES.stringNode(old.isContainer() ? "text" : old.asString());
            case 4 -> NODES.arrayNode();
            case 5 -> NODES.objectNode();
            case 6 -> NODES.numberNode(new BigDecimal("1.50"));
            case 7 -> NODES.stringNode(scene.pick(List.of("true", "1", "1.5", "{}")));
            case 8 -> NODES.objectNode().set("value", old);
            default -> scene.array(old);
          });
      return true;
    }
  },
  UNWRAP {
    @Override
    boolean apply(Slot slot, Scene scene) {
      if (!(slot.value() instanceof ArrayNode array) || array.isEmpty()) {
        return false;
      }
      slot.set(array.get(0));
      return true;
    }
  },
  MOVE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      JsonNode value = slot.value().deepCopy();
      JsonNode to = scene.pick(scene.slots()).value();
      if (scene.random().nextBoolean()) {
        slot.remove();
      }
      if (to instanceof ObjectNode object) {
        object.set(slot.name(), value);
        return true;
      }
      return false;
    }
  },
  RENAME {
    @Override
    boolean apply(Slot slot, Scene scene) {
      if (!(slot.holder() instanceof ObjectNode object) || !slot.isProperty()) {
        return false;
      }
      String name = slot.name();
      String other =
          switch (scene.random().nextInt(6)) {
            case 0 -> name + "X";
            case 1 -> "_" + name;
            case 2 -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            case 3 -> name.toLowerCase(Locale.ROOT);
            default -> scene.pick(scene.slots()).name();
          };
      JsonNode value = object.remove(name);
      object.set(other, value);
      return !other.equals(name);
    }
  },
  SWAP {
    @Override
    boolean apply(Slot slot, Scene scene) {
      Slot other = scene.pick(scene.slots());
      if (other.value().getNodeType() != slot.value().getNodeType()) {
        return false;
      }
      slot.set(other.value().deepCopy());
      return true;
    }
  },
  TEXT {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return scene.text(slot, Texts.any(slot, scene));
    }
  },
  OTHER_TEXT {
    @Override
    boolean apply(Slot slot, Scene scene) {
      List<String> texts =
          scene.slots().stream()
              .map(Slot::value)
              .filter(JsonNode::isString)
              .map(JsonNode::stringValue)
              .toList();
      return !texts.isEmpty() && scene.text(slot, scene.pick(texts));
    }
  },
  CODE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value().isString()
          && WORD.matcher(slot.value().stringValue()).matches()
          && scene.text(slot, Texts.code(slot.value().stringValue(), scene));
    }
  },
  TIME {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value().isString()
          && DATE.matcher(slot.value().stringValue()).lookingAt()
          && scene.text(slot, Texts.time(slot.value().stringValue(), scene));
    }
  },
  URI {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value().isString()
          && slot.value().stringValue().contains(":")
          && scene.text(slot, Texts.uri(slot.value().stringValue(), scene));
    }
  },
  REFERENCE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.name().equals("reference") && scene.text(slot, Texts.reference(scene));
    }
  },
  NUMBER {
    @Override
    boolean apply(Slot slot, Scene scene) {
      if (!slot.value().isNumber()) {
        return false;
      }
      slot.set(
          NODES.numberNode(
              new BigDecimal(
                  scene.pick(
                      List.of(
                          "-1",
                          "0",
                          "0.5",
                          "1.00",
                          "2147483648",
                          "12345678901234567890.123",
                          "-0.0001",
                          "1E+20",
                          "1E-10",
                          "101")))));
      return true;
    }
  },
  EMPTY {
    @Override
    boolean apply(Slot slot, Scene scene) {
      slot.set(
          switch (slot.value().getNodeType()) {
            case OBJECT -> NODES.objectNode();
            case ARRAY -> NODES.arrayNode();
            default -> NODES.stringNode("");
          });
      return true;
    }
  },
  NULL {
    @Override
    boolean apply(Slot slot, Scene scene) {
      if (slot.value() instanceof ArrayNode array) {
        array.insertNull(scene.random().nextInt(array.size() + 1));
      } else {
        slot.set(NODES.nullNode());
      }
      return true;
    }
  },
  UNKNOWN {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value() instanceof ObjectNode object
          && scene.put(object, scene.pick(Pieces.UNKNOWN));
    }
  },
  EXTENSION {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value() instanceof ObjectNode object
          && scene.put(object, scene.pick(Pieces.EXTENSIONS));
    }
  },
  COMPANION {
    @Override
    boolean apply(Slot slot, Scene scene) {
      if (!(slot.holder() instanceof ObjectNode object) || slot.name().startsWith("_")) {
        return false;
      }
      object.set("_" + slot.name(), scene.json(scene.pick(Pieces.COMPANIONS)));
      if (scene.random().nextInt(3) == 0) {
        object.remove(slot.name());
      }
      return true;
    }
  },
  CHOICE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      var typed = TYPED.matcher(slot.name());
      if (!(slot.holder() instanceof ObjectNode object) || !typed.matches()) {
        return false;
      }
      JsonNode value = slot.value().deepCopy();
      if (scene.random().nextBoolean()) {
        object.remove(slot.name());
      }
      String type = scene.pick(Pieces.TYPES);
      object.set(
          typed.group(1) + type,
          scene.random().nextBoolean() ? value : scene.json(Pieces.value(type)));
      return true;
    }
  },
  RESOURCE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value() instanceof ObjectNode object
          && object.has("resourceType")
          && scene.put(object, scene.pick(Pieces.OF_RESOURCES));
    }
  },
  ENTRY {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return slot.value() instanceof ObjectNode object
          && slot.name().equals("entry")
          && scene.put(object, scene.pick(Pieces.OF_ENTRIES));
    }
  },
  BUNDLE {
    @Override
    boolean apply(Slot slot, Scene scene) {
      return scene.root() instanceof ObjectNode object
          && scene.put(object, scene.pick(Pieces.OF_BUNDLES));
    }
  };

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
  private static final Pattern DATE = Pattern.compile("\\d{4}(-\\d\\d|$)");
  private static final Pattern TYPED = Pattern.compile("([a-z]+)[A-Z][A-Za-z]*");

  /** Makes the change; false when it does not fit the place, which may be changed all the same. */
  abstract boolean apply(Slot slot, Scene scene);

  /** The document being changed. */
  record Scene(JsonNode root, List<Slot> slots, SplittableRandom random) {
    static Scene of(JsonNode root, SplittableRandom random) {
      return new Scene(root, Slot.below(root), random);
    }

    <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    JsonNode json(String text) {
      return Corpus.read(text.replace('\'', '"'));
    }

    ArrayNode array(JsonNode... elements) {
      return NODES.arrayNode().addAll(List.of(elements));
    }

    boolean text(Slot slot, String text) {
      boolean was = slot.value().isString();
      if (was && !slot.value().stringValue().equals(text)) {
        slot.set(NODES.stringNode(text));
        return true;
      }
      return false;
    }

    /** Puts the properties of a piece into an object. */
    boolean put(ObjectNode object, String piece) {
      json(piece).properties().forEach(p -> object.set(p.getKey(), p.getValue()));
      return true;
    }
  }
}
