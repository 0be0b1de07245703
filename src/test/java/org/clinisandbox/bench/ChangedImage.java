package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.contract.HostileModels;
import org.clinisandbox.sandbox.contract.Subject;
import org.clinisandbox.sandbox.contract.Trials;
import org.clinisandbox.sandbox.image.ChangedBytes;
import org.clinisandbox.sandbox.image.ImageBuilder;
import org.clinisandbox.sandbox.image.ImageStore;

/** An image of which one bit is changed, each time another, before it is to be run. */
final class ChangedImage {
  private static final String PROGRAM = "model/echo-stderr";

  private final Random random = new Random(20261122);
  private final Path source;
  private final ModelImages images;
  private final String reference;
  private final Backend backend;

  private ChangedImage(Trials trials, Path folder) throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    this.source = home.resolve("image");
    Path model = folder.resolve("model");
    Path program = model.resolve("root").resolve(PROGRAM);
    Files.createDirectories(program.getParent());
    Files.copy(HostileModels.image("echo-stderr").root().resolve(PROGRAM), program);
    Files.writeString(model.resolve("image.yaml"), "arguments: [/" + PROGRAM + "]\n");
    this.reference = "oci:image@" + ImageBuilder.build(model, source);
    this.images =
        new ModelImages(
            new ImageStore(
                new ImageStore.Settings(
                    folder.resolve("cache"), home, 1L << 30, 1L << 30, Set.of())));
    this.backend = trials.subject().opening().on(trials.host(), images);
  }

  /** A container image: what it was unpacked from, what it was unpacked to, or its disk. */
  static Tally container(Trials trials, int turns) throws Exception {
    ChangedImage image = new ChangedImage(trials, trials.host().newFolder());
    try (Backend backend = image.backend) {
      image.run();
      boolean hasDisk = trials.subject().equals(Subject.QEMU);
      List<String> parts =
          hasDisk ? List.of("archive", "files", "disk") : List.of("archive", "files");
      return Tally.of(trials, turns, parts, image::attempt);
    }
  }

  private long attempt(String part) throws Exception {
    switch (part) {
      case "archive" -> {
        Path blob = any(files(source.resolve("blobs")));
        long at = random.nextLong(Files.size(blob));
        ChangedBytes.flip(blob, at);
        assertMismatch(this::run);
        ChangedBytes.flip(blob, at);
      }
      case "files" -> {
        flip(any(files(image().root())));
        assertMismatch(this::run);
      }
      default -> {
        flip(images.disk(image()));
        assertMismatch(this::run);
      }
    }
    run();
    return 0;
  }

  private ModelImage.Container image() throws SandboxException {
    return (ModelImage.Container)
        images.resolve(reference, Protocol.JSON_LINES, "changed", () -> "{}");
  }

  private void run() throws SandboxException {
    try (Sandbox sandbox = backend.start(image(), Trials.LIMITS)) {
      sandbox.ask(Trials.REQUEST);
    }
  }

  private void flip(Path file) throws IOException {
    ChangedBytes.flip(file, random.nextLong(Files.size(file)));
  }

  private Path any(List<Path> files) {
    return files.get(random.nextInt(files.size()));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
    }
  }

  /** A module. */
  static Tally module(Trials trials, int turns) throws Exception {
    ModelImage.Wasm image = (ModelImage.Wasm) trials.subject().images().apply("echo-stderr");
    Path file = Files.copy(image.file(), trials.host().newFolder().resolve("changed.wasm"));
    ModelImage pinned = new ModelImage.Wasm(file, image.digest());
    Random random = new Random(20261122);
    return Tally.of(
        trials,
        turns,
        List.of("module"),
        part -> {
          trials.start(pinned, Trials.LIMITS).close();
          long at = random.nextLong(Files.size(file));
          ChangedBytes.flip(file, at);
          assertMismatch(() -> trials.start(pinned, Trials.LIMITS).close());
          ChangedBytes.flip(file, at);
          return 0;
        });
  }

  private interface Run {
    void once() throws SandboxException;
  }

  private static void assertMismatch(Run run) throws SandboxException {
    try {
      run.once();
    } catch (SandboxException e) {
      if (e.kind() != SandboxException.Kind.DIGEST_MISMATCH) {
        throw e;
      }
      return;
    }
    throw new AssertionError("it ran");
  }
}
