package org.clinisandbox.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import org.clinisandbox.bench.FlameNode.Frame;
import tools.jackson.databind.JsonNode;

/**
 * Draws the processor time of the accept path out of a flight recording: samples taken while our
 * server was loaded to its most with requests for a 202. A library that calls itself is one frame,
 * and so is a method that comes back to itself, so that what is ours stays in sight.
 */
public final class Flame {
  private static final String OURS = "org.clinisandbox.";

  /** Frames that are on every stack, or that only carry a call on. */
  private static final Set<String> CARRIERS =
      Set.of(
          "java.lang.Thread",
          "java.lang.VirtualThread",
          "java.lang.ThreadBuilders",
          "java.util.concurrent.ThreadPerTaskExecutor",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.FutureTask",
          "java.util.concurrent.Executors",
          "jdk.internal.vm.Continuation",
          "org.clinisandbox.stage.Stage");

  private static final List<String> CARRYING_PACKAGES =
      List.of(
          "java.lang.invoke.", "java.lang.reflect.", "jdk.internal.reflect.", "jdk.internal.vm.");

  private Flame() {}

  public static void main(String[] args) throws Exception {
    Results results = Results.read(Path.of(args[1]));
    JsonNode row = results.row("ours", "accept", "closed");
    Map<String, FlameNode> roots = new TreeMap<>();
    for (RecordedEvent event :
        Recorded.events(Path.of(args[0]), "jdk.CPUTimeSample", row).toList()) {
      if (event.getStackTrace() != null) {
        List<Frame> stack = stack(event);
        roots.computeIfAbsent(part(event), _ -> new FlameNode(new Frame("", "all"))).add(stack);
      }
    }
    long all = roots.values().stream().mapToLong(FlameNode::samples).sum();
    roots.forEach(
        (part, node) ->
            System.err.printf(
                "%s: %.1f %% of %,d samples%n", part, 100.0 * node.samples() / all, all));
    FlameNode accept = new FlameNode(new Frame("", "the accept path"));
    roots.forEach(
        (part, node) -> {
          if (!part.startsWith("not ")) {
            accept.adopt(new Frame("", part), node);
          }
        });
    new FlameDrawing(
            "Processor time of the accept path: %s, %s, %,.0f accepts a second, %,d samples, %.0f %% of the server's"
                .formatted(
                    results.json().path("commit").asString(),
                    results.json().path("date").asString(),
                    row.at("/rate/median").doubleValue(),
                    accept.samples(),
                    100.0 * accept.samples() / all))
        .draw(accept, Path.of(args[2]));
  }

  /** What a thread is for. */
  private static String part(RecordedEvent event) {
    String thread =
        event.getThread() == null ? "" : String.valueOf(event.getThread().getJavaName());
    if (thread.startsWith("validator-")) {
      return "validation threads";
    }
    List<String> types =
        event.getStackTrace().getFrames().stream()
            .map(frame -> frame.getMethod().getType().getName())
            .toList();
    if (types.stream().anyMatch(type -> type.startsWith(OURS + "batch."))
        && types.stream().noneMatch(type -> type.startsWith("org.apache.coyote."))) {
      return "commit threads";
    }
    if (types.stream().anyMatch(type -> type.startsWith(OURS + "job.Hints"))) {
      return "hints";
    }
    if (types.stream().anyMatch(type -> type.startsWith("org.apache.coyote."))
        || types.stream().anyMatch(type -> type.startsWith("org.apache.tomcat."))) {
      return "request threads";
    }
    return types.stream().anyMatch(type -> type.startsWith(OURS))
        ? "not accepting, jobs"
        : "not accepting, libraries";
  }

  /** The outermost frame first. */
  private static List<Frame> stack(RecordedEvent event) {
    List<Frame> stack = new ArrayList<>();
    for (RecordedFrame frame : event.getStackTrace().getFrames().reversed()) {
      RecordedMethod method = frame.getMethod();
      String type = method.getType().getName();
      if (method.isHidden() || type.contains("$$") || isCarrier(type)) {
        continue;
      }
      Frame next = new Frame(library(type), label(type, method.getName()));
      int earlier = stack.indexOf(next);
      boolean inside = !stack.isEmpty() && stack.getLast().library().equals(next.library());
      if (earlier >= 0) {
        stack.subList(earlier + 1, stack.size()).clear();
      } else if (!inside || next.isOurs()) {
        stack.add(next);
      }
    }
    return stack;
  }

  private static boolean isCarrier(String type) {
    return CARRIERS.contains(type.replaceFirst("\\$.*", ""))
        || CARRYING_PACKAGES.stream().anyMatch(type::startsWith);
  }

  /**
   * Whose it is: the first two words of its package; the JDK is one, and so are those that carry
   * requests.
   */
  private static String library(String type) {
    if (type.matches("(java|javax|jdk|sun|com\\.sun)\\..*")) {
      return "JDK";
    }
    if (type.matches("(org\\.springframework|org\\.apache|jakarta)\\..*")) {
      return "Spring, Tomcat";
    }
    String[] words = type.split("\\.", -1);
    return words.length < 3 ? type : words[0] + "." + words[1];
  }

  private static String label(String type, String method) {
    String name = type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
    return name + "." + method.replaceFirst("lambda\\$(\\w+)\\$\\d+", "$1");
  }
}
