package org.clinisandbox.sandbox.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * The few classes that a child needs, in a jar of their own: small, quickly opened, and with
 * nothing in it that knows of databases or keys. They are taken from wherever this process has
 * them, be that folders, jars, or jars within a jar.
 */
final class ChildJar {
  /** The class whose {@code main} a child runs. */
  static final String MAIN = "org.clinisandbox.sandbox.wasm.child.Child";

  private static final String OWN = "org/clinisandbox/sandbox/";

  /** One class of each place that is taken from. */
  private static final List<String> PLACES =
      List.of(
          OWN + "wasm/child/Child",
          "run/endive/runtime/Instance",
          "run/endive/compiler/MachineFactoryCompiler",
          "run/endive/wasm/Parser",
          "org/objectweb/asm/ClassVisitor",
          "org/objectweb/asm/commons/GeneratorAdapter",
          "org/objectweb/asm/tree/ClassNode",
          "org/objectweb/asm/tree/analysis/Analyzer",
          "org/objectweb/asm/util/CheckClassAdapter");

  /** What is taken of this program's own. */
  private static final List<String> OWN_CLASSES =
      List.of("wasm/child/", "guest/Frame.", "Digest.", "SandboxException.", "SandboxException$");

  private ChildJar() {}

  /** Writes it into this file, which does not exist yet. */
  static void write(Path file) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.setLevel(Deflater.BEST_SPEED);
      for (String place : PLACES) {
        String name = place + ".class";
        URL url = ChildJar.class.getClassLoader().getResource(name);
        if (url == null) {
          throw new IOException("The class " + place + " is missing.");
        }
        if (url.openConnection() instanceof JarURLConnection connection) {
          addJar(jar, connection);
        } else {
          Path found = Path.of(java.net.URI.create(url.toString()));
          int depth = Path.of(name).getNameCount();
          addFolder(jar, found.getRoot().resolve(found.subpath(0, found.getNameCount() - depth)));
        }
      }
    }
  }

  private static void addJar(JarOutputStream jar, JarURLConnection connection) throws IOException {
    connection.setUseCaches(false);
    try (JarFile source = connection.getJarFile()) {
      for (JarEntry entry : source.stream().filter(e -> isWanted(e.getName())).toList()) {
        try (InputStream bytes = source.getInputStream(entry)) {
          add(jar, entry.getName(), bytes);
        }
      }
    }
  }

  private static void addFolder(JarOutputStream jar, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (isWanted(name)) {
          try (InputStream bytes = Files.newInputStream(file)) {
            add(jar, name, bytes);
          }
        }
      }
    }
  }

  private static boolean isWanted(String name) {
    boolean isClass =
        name.endsWith(".class")
            && !name.startsWith("META-INF/")
            && !name.equals("module-info.class");
    return isClass
        && (!name.startsWith("org/clinisandbox/")
            || OWN_CLASSES.stream().anyMatch(own -> name.startsWith(OWN + own)));
  }

  private static void add(JarOutputStream jar, String name, InputStream bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    bytes.transferTo(jar);
    jar.closeEntry();
  }
}
