package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.clinisandbox.sandbox.FileTree;
import org.jspecify.annotations.Nullable;

/**
 * Lays the layers of an image over each other, in a new folder. Of an entry it takes name, content,
 * time and whether it may be executed; owners, other bits and extended attributes are left out, and
 * so are devices, pipes and sockets.
 */
final class Unpacker {
  static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
  private static final int ANY_MAY_EXECUTE = 0111;
  private static final List<String> MOUNT_POINTS =
      List.of(".clinisandbox", "dev", "proc", "sys", "tmp");

  private final Path root;
  private final Meter meter;
  private final Tree tree;

  /** What the layer at hand brought: its own whiteouts do not reach it. */
  private final Set<Path> ofThisLayer = new HashSet<>();

  private Unpacker(Path root, Meter meter) throws IOException {
    this.root = root;
    this.meter = meter;
    this.tree = new Tree(root, meter);
  }

  /**
   * Unpacks all layers into a folder that is not there yet.
   *
   * @param mostBytes of all layers together, uncompressed
   */
  static void unpack(List<Layer> layers, Path root, long mostBytes) throws IOException {
    Unpacker unpacker = new Unpacker(root, new Meter(mostBytes));
    for (Layer layer : layers) {
      unpacker.ofThisLayer.clear();
      layer.read(unpacker.meter, unpacker::layer);
    }
    unpacker.mountPoints();
  }

  /** A sandbox mounts things of its own on these, and cannot make them in a read-only root. */
  private void mountPoints() throws IOException {
    for (String name : MOUNT_POINTS) {
      Path point = root.resolve(name);
      if (!Files.exists(point, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(point);
        Files.setPosixFilePermissions(point, Tree.FOLDER);
      }
    }
  }

  private void layer(InputStream archive) throws IOException {
    TarReader tar = new TarReader(archive);
    for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
      meter.file();
      List<String> name = EntryName.parts(entry.getName());
      if (name.isEmpty()) {
        continue;
      }
      if (name.getLast().startsWith(WHITEOUT)) {
        whiteout(name);
      } else {
        entry(entry, name, tar.content());
      }
    }
  }

  private void whiteout(List<String> name) throws IOException {
    Path folder = tree.folderOf(name, false);
    String last = name.getLast();
    if (folder == null) {
      return;
    }
    if (last.equals(OPAQUE)) {
      deleteLowerIn(folder);
      return;
    }
    String hidden = last.substring(WHITEOUT.length());
    if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw ImageException.refused("has a whiteout of a folder itself or of the one above it");
    }
    deleteLower(folder.resolve(hidden));
  }

  private void deleteLower(Path path) throws IOException {
    BasicFileAttributes there = Tree.look(path);
    if (there == null) {
      return;
    }
    if (!ofThisLayer.contains(path)) {
      FileTree.delete(path);
    } else if (there.isDirectory()) {
      deleteLowerIn(path);
    }
  }

  private void deleteLowerIn(Path folder) throws IOException {
    for (Path child : Tree.children(folder)) {
      deleteLower(child);
    }
  }

  private void entry(TarArchiveEntry entry, List<String> name, InputStream content)
      throws IOException {
    Path folder = tree.folderOf(name, true);
    if (folder == null) {
      throw new IllegalStateException("folders are made");
    }
    Path at = folder.resolve(name.getLast());
    for (@Nullable Path own = at; own != null && !own.equals(root); own = own.getParent()) {
      if (!ofThisLayer.add(own)) {
        break;
      }
    }
    switch (entry.getLinkFlag()) {
      case TarConstants.LF_LINK -> hardLink(at, linked(entry.getLinkName()));
      case TarConstants.LF_SYMLINK -> {
        FileTree.delete(at);
        Files.createSymbolicLink(at, EntryName.linkText(entry.getLinkName()));
      }
      case TarConstants.LF_DIR -> tree.folder(at);
      case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> {
        if (entry.isDirectory()) {
          tree.folder(at);
        } else {
          FileTree.delete(at);
          write(at, entry, content);
        }
      }
      case TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO -> FileTree.delete(at);
      default -> throw ImageException.refused("has an entry of an unknown kind");
    }
  }

  /** What a hard link names, which has to be in the image already. */
  private Path linked(String target) throws IOException {
    List<String> name = EntryName.parts(target);
    Path folder = name.isEmpty() ? null : tree.folderOf(name, false);
    Path at = folder == null ? root : folder.resolve(name.getLast());
    BasicFileAttributes there = Tree.look(at);
    if (there == null || there.isDirectory()) {
      throw ImageException.refused("has a hard link to what is no file of it");
    }
    return at;
  }

  private static void hardLink(Path at, Path target) throws IOException {
    if (target.equals(at)) {
      return;
    }
    FileTree.delete(at);
    if (Files.isSymbolicLink(target)) {
      Files.createSymbolicLink(at, Files.readSymbolicLink(target));
    } else {
      Files.createLink(at, target);
    }
  }

  private static void write(Path at, TarArchiveEntry entry, InputStream content)
      throws IOException {
    try (OutputStream out =
        Files.newOutputStream(
            at,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      if (content.transferTo(out) != entry.getSize()) {
        throw new IOException("an entry ends early");
      }
    }
    boolean executable = (entry.getMode() & ANY_MAY_EXECUTE) != 0;
    Files.setPosixFilePermissions(at, executable ? Tree.FOLDER : FILE);
    Files.setLastModifiedTime(
        at, FileTime.fromMillis(Math.max(0, entry.getLastModifiedTime().toMillis())));
  }
}
