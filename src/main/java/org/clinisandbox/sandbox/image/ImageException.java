package org.clinisandbox.sandbox.image;

import java.io.IOException;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;

/** Why an image is not used, as the rest of a sentence that begins with the image's name. */
final class ImageException extends IOException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  private ImageException(Kind kind, String why) {
    super(why);
    this.kind = kind;
  }

  static ImageException refused(String why) {
    return new ImageException(Kind.IMAGE_REFUSED, why);
  }

  static ImageException mismatch(String why) {
    return new ImageException(Kind.DIGEST_MISMATCH, why);
  }

  static ImageException unavailable(String why) {
    return new ImageException(Kind.ISOLATION_UNAVAILABLE, why);
  }

  /** Any failure, as the whole sentence. */
  static SandboxException named(String image, IOException e) {
    return e instanceof ImageException why
        ? new SandboxException(why.kind, "The image " + image + " " + why.getMessage() + ".")
        : new SandboxException(
            Kind.IMAGE_REFUSED,
            "The image "
                + image
                + " cannot be read ("
                + e.getClass().getSimpleName()
                + "); check"
                + " that it is whole, who may read it, and that the disk is not full.");
  }

  boolean isMismatch() {
    return kind == Kind.DIGEST_MISMATCH;
  }
}
