package org.clinisandbox.batch;

/**
 * How commits are shared.
 *
 * @param lanes how many batches may be under way at a time
 * @param most how many items go into one batch
 */
public record Batching(int lanes, int most) {
  public static final Batching DEFAULT = new Batching(2, 256);

  /** Each item has a commit of its own. */
  public static final Batching NONE = new Batching(Integer.MAX_VALUE, 1);

  public Batching {
    if (lanes < 1 || most < 1) {
      throw new IllegalArgumentException("There must be a lane, and room in a batch.");
    }
  }
}
