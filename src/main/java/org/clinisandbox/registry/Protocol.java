package org.clinisandbox.registry;

import java.util.Locale;

/** How a model is spoken with. */
public enum Protocol {
  /** One line in, one line out, on standard input and output. */
  JSON_LINES,
  /** HTTP on loopback, as SageMaker and MLflow have it: {@code /ping}, {@code /invocations}. */
  SAGEMAKER,
  /** HTTP on loopback, as the Open Inference Protocol has it in its version 2. */
  OPEN_INFERENCE_V2;

  /** The name in manifests. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
