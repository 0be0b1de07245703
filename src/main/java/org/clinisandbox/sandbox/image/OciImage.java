package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What OCI's documents say of an image; Docker's of schema 2 are read alike. */
final class OciImage {
  private static final int MOST_NESTED = 4;

  private final Blobs blobs;
  private final @Nullable String wanted;

  /** Digests met on the way down from the top. */
  private final List<String> names = new ArrayList<>();

  /** Opens what a descriptor names. */
  interface Blobs {
    InputStream open(Descriptor part) throws IOException;
  }

  private OciImage(Blobs blobs, @Nullable String wanted) {
    this.blobs = blobs;
    this.wanted = wanted;
  }

  /**
   * The image of a layout.
   *
   * @param index the layout's own
   * @param tag of the image; null for the only one, or for the one that has the digest
   * @param wanted the digest it must have, of its manifest or of the index that holds that; null
   *     for any
   */
  static Contents ofLayout(byte[] index, Blobs blobs, @Nullable String tag, @Nullable String wanted)
      throws IOException {
    List<Descriptor> all = descriptors(Json.read(index, "its index"), "manifests");
    List<Descriptor> meant =
        all.stream().filter(part -> tag == null || tag.equals(part.tag())).toList();
    if (tag == null && meant.stream().anyMatch(part -> part.digest().equals(wanted))) {
      meant = meant.stream().filter(part -> part.digest().equals(wanted)).limit(1).toList();
    }
    return new OciImage(blobs, wanted).descend(only(meant, tag));
  }

  private static Descriptor only(List<Descriptor> meant, @Nullable String tag)
      throws ImageException {
    if (meant.isEmpty()) {
      throw ImageException.refused(
          tag == null ? "is a layout without images" : "has no image with the tag " + tag);
    }
    List<String> different = meant.stream().map(Descriptor::digest).distinct().toList();
    if (different.size() == 1) {
      return meant.getFirst();
    }
    List<Descriptor> fitting =
        meant.stream().filter(part -> Platform.fits(part.os(), part.architecture())).toList();
    if (fitting.size() != 1) {
      throw ImageException.refused("holds several images; name one by its tag, as PATH:TAG");
    }
    return fitting.getFirst();
  }

  /** The image that one document is the top of. */
  static Contents ofTop(Descriptor top, Blobs blobs, @Nullable String wanted) throws IOException {
    return new OciImage(blobs, wanted).descend(top);
  }

  private Contents descend(Descriptor top) throws IOException {
    Descriptor at = top;
    for (int nested = 0; nested < MOST_NESTED; nested++) {
      names.add(at.digest());
      JsonNode document = Json.read(small(at), "a manifest");
      boolean isIndex = document.has("manifests");
      if (isIndex == document.has("layers")) {
        throw ImageException.refused("has a document that is neither an index nor a manifest");
      }
      if (!isIndex) {
        return contents(at, document);
      }
      at =
          descriptors(document, "manifests").stream()
              .filter(part -> Platform.fits(part.os(), part.architecture()))
              .findFirst()
              .orElseThrow(
                  () ->
                      ImageException.refused(
                          "holds no image for " + Platform.OS + "/" + Platform.architecture()));
    }
    throw ImageException.refused("has indexes nested deeper than " + MOST_NESTED);
  }

  private Contents contents(Descriptor at, JsonNode manifest) throws IOException {
    if (wanted != null && !names.contains(wanted)) {
      throw ImageException.mismatch("has the digest " + at.digest() + "; register that or restore");
    }
    JsonNode config =
        Json.read(small(Descriptor.read(manifest.path("config"))), "its configuration");
    List<Layer> layers = new ArrayList<>();
    for (Descriptor part : descriptors(manifest, "layers")) {
      if (!isLayer(part.mediaType())) {
        throw ImageException.refused("has a layer of a kind that is not read: " + kind(part));
      }
      layers.add(new Layer(() -> blobs.open(part), part.digest(), part.size(), false));
    }
    return new Contents(wanted == null ? at.digest() : wanted, launch(config), layers).checked();
  }

  private static boolean isLayer(String mediaType) {
    return Stream.of(
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.docker.image.rootfs.diff.tar")
        .anyMatch(
            kind ->
                Stream.of("", "+gzip", "+zstd", ".gzip")
                    .anyMatch(end -> mediaType.equals(kind + end)));
  }

  private static String kind(Descriptor part) {
    return part.mediaType().replaceAll("[^A-Za-z0-9.+/-]", "?");
  }

  /** What a configuration says to start, having checked that it is for this platform. */
  static Launch launch(JsonNode config) throws ImageException {
    Platform.check(Json.text(config, "os"), Json.text(config, "architecture"));
    JsonNode start = config.path("config");
    List<String> arguments = new ArrayList<>(Json.texts(start, "Entrypoint"));
    arguments.addAll(Json.texts(start, "Cmd"));
    String folder = Json.text(start, "WorkingDir");
    return new Launch(
        arguments, Json.texts(start, "Env"), folder == null || folder.isEmpty() ? "/" : folder);
  }

  private static List<Descriptor> descriptors(JsonNode document, String name)
      throws ImageException {
    List<Descriptor> all = new ArrayList<>();
    for (JsonNode part : document.path(name)) {
      all.add(Descriptor.read(part));
    }
    return all;
  }

  private byte[] small(Descriptor part) throws IOException {
    if (part.size() > Json.MOST_BYTES) {
      throw ImageException.refused("has a description of more than " + Json.MOST_BYTES + " bytes");
    }
    try (InputStream in = VerifiedStream.of(blobs.open(part), part.digest(), part.size())) {
      return in.readAllBytes();
    }
  }
}
