package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are unpacked at once, kept, and cleared away. */
class KeepingTest {
  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void make() throws IOException {
    store = new Store(folder);
  }

  /** Writes an image with a file of so many bytes; returns its reference. */
  private String image(String name, int bytes) {
    byte[] layer = new Tar().file("model", name).file("data", new byte[bytes], 0644).bytes();
    return "oci:" + name + "@" + Layout.of(layer).write(store.home.resolve(name)).digest();
  }

  private static String hex(String reference) {
    return reference.substring(reference.indexOf("sha256:") + 7);
  }

  private static String digest(String reference) {
    return "sha256:" + hex(reference);
  }

  @Test
  void many_threads_and_stores_at_once_unpack_an_image_once() throws Exception {
    String reference = image("a", 1 << 20);
    List<Callable<Image>> tasks = new ArrayList<>();
    ImageStore shared = store.fresh();
    for (int i = 0; i < 8; i++) {
      ImageStore each = i % 2 == 0 ? shared : store.fresh();
      tasks.add(() -> each.open(reference));
    }
    Set<Object> roots = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Image> opened : threads.invokeAll(tasks)) {
        roots.add(Files.getAttribute(opened.get().root(), "unix:ino"));
      }
    }
    assertThat(roots).hasSize(1);
    assertThat(store.kept()).containsExactly(hex(reference));
  }

  @Test
  void another_process_at_work_is_waited_for_and_its_work_is_left_alone() throws Exception {
    String reference = image("a", 10);
    ImageStore images = store.fresh();
    Path unfinished = Files.createDirectory(store.cache.resolve(hex(reference) + ".tmp"));
    Process other = holdingTheLock(reference);
    try {
      images.collect(Set.of());
      assertThat(unfinished).exists();
      try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
        Future<Image> opened = threads.submit(() -> images.open(reference));
        assertThatThrownBy(() -> opened.get(300, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        other.destroy();
        assertThat(opened.get(60, TimeUnit.SECONDS).root()).isDirectory();
      }
    } finally {
      other.destroy();
    }
    assertThat(store.kept()).containsExactly(hex(reference));
  }

  /** A process that holds the lock of an image until it is ended. */
  private Process holdingTheLock(String reference) throws IOException {
    Path lock =
        store
            .cache
            .resolve("locks")
            .resolve(String.valueOf(Integer.parseInt(hex(reference), 0, 2, 16) % 64));
    Path program = folder.resolve("Hold.java");
    Files.writeString(
        program,
        """
        void main(String[] args) throws Exception {
          var file = java.nio.channels.FileChannel.open(java.nio.file.Path.of(args[0]),
              java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE);
          file.lock();
          System.out.println("held");
          Thread.sleep(600_000);
        }
        """);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                program.toString(),
                lock.toString())
            .start();
    assertThat(process.getInputStream().readNBytes(4)).asString().isEqualTo("held");
    return process;
  }

  @Test
  void what_a_dead_process_left_is_cleared_away_by_the_next() throws Exception {
    String reference = image("a", 10);
    store.fresh().open(reference);
    Path left = store.cache.resolve("0".repeat(64) + ".tmp/root");
    Files.createDirectories(left);
    Files.writeString(left.resolve("x"), "x");
    Files.writeString(store.cache.resolve("mine.txt"), "not ours");
    ImageStore next = store.fresh();
    assertThat(store.kept()).containsExactly(hex(reference), "mine.txt");
    Files.createDirectories(left);
    next.collect(Set.of());
    assertThat(store.kept()).containsExactly(hex(reference), "mine.txt");
  }

  @Test
  void a_broken_unpack_leaves_nothing() throws Exception {
    store.refusal(new Tar().file("x", new byte[1000], 0644).file("../x", "x").bytes());
    assertThat(store.kept()).isEmpty();
  }

  @Test
  void unused_images_beyond_the_bound_go_the_least_recently_used_first() throws Exception {
    List<String> all =
        List.of(image("a", 100_000), image("b", 100_000), image("c", 100_000), image("d", 100_000));
    ImageStore images = store.fresh(250_000, Set.of());
    for (String reference : all) {
      images.open(reference);
    }
    images.collect(Set.of());
    assertThat(store.kept()).containsExactlyInAnyOrder(hex(all.get(2)), hex(all.get(3)));

    images.open(all.get(0));
    images.open(all.get(2));
    images.collect(Set.of());
    assertThat(store.kept()).containsExactlyInAnyOrder(hex(all.get(0)), hex(all.get(2)));

    images.open(all.get(1));
    images.open(all.get(3));
    images.collect(Set.of(digest(all.get(0)), digest(all.get(2)), digest(all.get(1))));
    assertThat(store.kept())
        .containsExactlyInAnyOrder(hex(all.get(0)), hex(all.get(1)), hex(all.get(2)));
    assertThat(images.open(all.get(3)).root().resolve("data")).hasSize(100_000);
  }

  @Test
  void a_lock_can_be_taken_by_a_thread_that_was_interrupted_before() throws Exception {
    String reference = image("a", 10);
    ImageStore images = store.fresh();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> images.open(reference)).hasMessageContaining("oci:a");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(images.open(reference).root()).isDirectory();
    try (FileChannel free =
        FileChannel.open(
            store.cache.resolve("locks/0"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(free.tryLock()).isNotNull();
    }
  }
}
