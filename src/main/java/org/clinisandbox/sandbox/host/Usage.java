package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** How much lies below a folder: bytes of files, and files and folders. */
public record Usage(long bytes, long files) {
  public static Usage of(Path folder) throws IOException {
    long[] counts = new long[2];
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            counts[1]++;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            counts[0] += attributes.size();
            counts[1]++;
            return FileVisitResult.CONTINUE;
          }
        });
    return new Usage(counts[0], counts[1]);
  }
}
