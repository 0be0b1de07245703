package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parts that are files of a folder. */
record FolderParts(Path folder) implements Parts {
  @Override
  public boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  @Override
  public InputStream open(String name) throws IOException {
    Path real = folder.resolve(name).toRealPath();
    if (!real.startsWith(folder.toRealPath()) || !Files.isRegularFile(real)) {
      throw ImageException.refused("has a part that is no file of its folder");
    }
    return Files.newInputStream(real);
  }

  @Override
  public void close() {}
}
