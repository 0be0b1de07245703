package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.util.List;

/**
 * What an image holds, before it is unpacked.
 *
 * @param digest what pins it
 * @param launch what to start
 * @param layers lowest first
 */
record Contents(String digest, Launch launch, List<Layer> layers) {
  private static final int MOST_LAYERS = 256;

  Contents {
    layers = List.copyOf(layers);
  }

  /** Refuses what cannot be run. */
  Contents checked() throws ImageException {
    launch.checked();
    if (layers.size() > MOST_LAYERS) {
      throw ImageException.refused("has more than " + MOST_LAYERS + " layers");
    }
    return this;
  }

  /** Refuses layers that are too big as they are stored, before any of them is read. */
  Contents within(long mostBytes) throws ImageException {
    long left = mostBytes;
    for (Layer layer : layers) {
      if (layer.size() > left) {
        throw ImageException.refused(
            "has layers of more than " + mostBytes + " bytes, the most that is allowed");
      }
      left -= layer.size();
    }
    return this;
  }

  /** Reads all layers and keeps nothing: fails when their bytes are not what the digest pins. */
  void verify(long mostBytes) throws IOException {
    Meter meter = new Meter(mostBytes);
    for (Layer layer : layers) {
      layer.verify(meter);
    }
  }
}
