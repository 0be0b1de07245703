package org.clinisandbox.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A frame, how many samples had it here, and what it called. */
final class FlameNode {
  /**
   * A frame of a stack.
   *
   * @param library whose it is
   */
  record Frame(String library, String label) {
    boolean isOurs() {
      return library.equals("org.clinisandbox");
    }
  }

  private final Frame frame;
  private final Map<String, FlameNode> children = new TreeMap<>();
  private long samples;

  FlameNode(Frame frame) {
    this.frame = frame;
  }

  void add(List<Frame> stack) {
    FlameNode node = this;
    node.samples++;
    for (Frame next : stack) {
      node = node.children.computeIfAbsent(next.label(), _ -> new FlameNode(next));
      node.samples++;
    }
  }

  /** Takes what another called as called by a frame of this one's. */
  void adopt(Frame as, FlameNode other) {
    FlameNode child = new FlameNode(as);
    child.samples = other.samples;
    child.children.putAll(other.children);
    children.put(as.label(), child);
    samples += other.samples;
  }

  Frame frame() {
    return frame;
  }

  long samples() {
    return samples;
  }

  Iterable<FlameNode> children() {
    return children.values();
  }
}
