package org.clinisandbox.sandbox;

import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import tools.jackson.databind.JsonNode;

/** What is said to a model and understood of its reply, in the words of its protocol. */
public final class Exchange {
  private Exchange() {}

  /** The request line, without its end; for a model that serves HTTP, the body of the request. */
  public static byte[] request(Protocol protocol, ModelRequest request) {
    return switch (protocol) {
      case JSON_LINES -> JsonLines.request(request);
      case SAGEMAKER -> Served.dataframe(request.inputs());
      case OPEN_INFERENCE_V2 -> Served.tensors(request.inputs());
    };
  }

  /**
   * Reads a reply against the protocol and what the manifest says of the output. Strict: JSON, no
   * key twice, none unknown, nested at most 64 deep, every number finite.
   */
  public static Reply read(Protocol protocol, byte[] line, Manifest.Output output) {
    try {
      JsonNode reply = ReplyReader.parse(line);
      return new Reply.Good(
          new ReplyReader(output)
              .read(
                  switch (protocol) {
                    case JSON_LINES -> reply;
                    case SAGEMAKER -> Served.prediction(reply, output);
                    case OPEN_INFERENCE_V2 -> Served.outputs(reply, output);
                  }));
    } catch (ReplyReader.Refused e) {
      return new Reply.Bad(e.reason());
    }
  }
}
