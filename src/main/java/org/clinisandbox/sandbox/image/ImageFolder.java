package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A plain folder that is an image, or of which one is built: {@code root/} and what {@code
 * image.yaml} says; or, without that file, a root file system whose program is {@code /model}.
 *
 * @param launch what to start
 * @param architecture that its programs are made for
 * @param files where each file, folder and link of the image is, by its path in the image
 */
record ImageFolder(Launch launch, String architecture, SortedMap<String, Path> files) {
  private static final String DESCRIPTION = "image.yaml";
  private static final String ROOT = "root";
  private static final String MODEL = "/model";
  private static final int MOST_DESCRIPTION_BYTES = 1 << 20;
  private static final char NOT_DECODED = '\uFFFD';
  private static final Set<String> KEYS =
      Set.of("arguments", "environment", "working_folder", "architecture", "files");
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Whether a folder has a description, as one to build from must. */
  static boolean isDescribed(Path folder) {
    return Files.isRegularFile(folder.resolve(DESCRIPTION));
  }

  static ImageFolder read(Path folder) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    if (!isDescribed(folder)) {
      addTree(folder, folder, files);
      if (!files.containsKey("model")) {
        throw ImageException.refused(
            "is a folder with neither " + DESCRIPTION + " nor a program " + MODEL);
      }
      return new ImageFolder(
          new Launch(List.of(MODEL), List.of(), "/"), Platform.architecture(), files);
    }
    JsonNode description = description(folder.resolve(DESCRIPTION));
    if (Files.isDirectory(folder.resolve(ROOT), LinkOption.NOFOLLOW_LINKS)) {
      addTree(folder.resolve(ROOT), folder.resolve(ROOT), files);
    }
    addFiles(folder, description, files);
    String workingFolder = Json.text(description, "working_folder");
    String architecture = Json.text(description, "architecture");
    Launch launch =
        new Launch(
            Json.texts(description, "arguments"),
            environment(description),
            workingFolder == null ? "/" : workingFolder);
    return new ImageFolder(
        launch.checked(), architecture == null ? Platform.architecture() : architecture, files);
  }

  private static JsonNode description(Path file) throws IOException {
    if (Files.size(file) > MOST_DESCRIPTION_BYTES) {
      throw ImageException.refused("has an " + DESCRIPTION + " of more than 1 MiB");
    }
    JsonNode read;
    try {
      read = YAML.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw ImageException.refused("has an " + DESCRIPTION + " that is no sound YAML");
    }
    for (String key : read.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw ImageException.refused(
            "has an "
                + DESCRIPTION
                + " with the unknown key "
                + key
                + "; there are "
                + String.join(", ", new TreeSet<>(KEYS)));
      }
    }
    return read;
  }

  private static List<String> environment(JsonNode description) throws IOException {
    List<String> variables = new ArrayList<>();
    JsonNode environment = description.path("environment");
    if (!environment.isMissingNode() && !environment.isObject()) {
      throw ImageException.refused("has an environment that is no list of NAME: value");
    }
    for (Map.Entry<String, JsonNode> variable : environment.properties()) {
      variables.add(variable.getKey() + "=" + Json.required(environment, variable.getKey()));
    }
    return variables;
  }

  private static void addTree(Path root, Path at, SortedMap<String, Path> files)
      throws IOException {
    for (Path child : Tree.children(at)) {
      boolean folder = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
      if (folder
          || Files.isSymbolicLink(child)
          || Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
        add(root.relativize(child).toString(), child, files);
      }
      if (folder) {
        addTree(root, child, files);
      }
    }
  }

  /** Single files, by their absolute path in the image. */
  private static void addFiles(Path folder, JsonNode description, SortedMap<String, Path> files)
      throws IOException {
    JsonNode listed = description.path("files");
    if (!listed.isMissingNode() && !listed.isObject()) {
      throw ImageException.refused("has files that are no list of /PATH/IN/IMAGE: FILE");
    }
    for (Map.Entry<String, JsonNode> file : listed.properties()) {
      String path = file.getKey();
      List<String> name = path.startsWith("/") ? EntryName.parts(path.substring(1)) : List.of();
      if (name.isEmpty()) {
        throw ImageException.refused("has files with " + path + ", which is no absolute path");
      }
      Path real = source(folder, Json.required(listed, path));
      if (real == null) {
        throw ImageException.refused(
            "lists for " + path + " what is no file below the folder of its " + DESCRIPTION);
      }
      for (int parts = 1; parts < name.size(); parts++) {
        files.putIfAbsent(String.join("/", name.subList(0, parts)), folder);
      }
      add(String.join("/", name), real, files);
    }
  }

  private static @Nullable Path source(Path folder, String text) throws IOException {
    try {
      Path file = folder.resolve(text);
      if (!Files.isRegularFile(file)) {
        return null;
      }
      Path real = file.toRealPath();
      return real.startsWith(folder.toRealPath()) ? real : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static void add(String name, Path path, SortedMap<String, Path> files)
      throws IOException {
    if (name.indexOf(NOT_DECODED) >= 0) {
      throw ImageException.refused(
          "has a file name that cannot be read here; start this process with LC_ALL=C.UTF-8");
    }
    if (EntryName.parts(name).getLast().startsWith(Unpacker.WHITEOUT)) {
      throw ImageException.refused(
          "has the file " + name + ", which would hide another; rename it");
    }
    if (files.put(name, path) == null && files.size() > Meter.MOST_FILES) {
      throw ImageException.refused("holds more than " + Meter.MOST_FILES + " files");
    }
  }
}
