package org.clinisandbox;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Backends;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.firecracker.FirecrackerBackend;
import org.clinisandbox.sandbox.gvisor.GvisorBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;
import org.clinisandbox.sandbox.image.ImageStore;
import org.clinisandbox.sandbox.mock.MockBackend;
import org.clinisandbox.sandbox.qemu.QemuBackend;
import org.clinisandbox.sandbox.wasm.WasmBackend;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.settings.SettingsException;

/** What the settings say of running models on this host. */
final class HostModels {
  private static final long LARGEST_IMAGE = 16L << 30;

  private HostModels() {}

  /**
   * Opens this host's.
   *
   * @param home the folder that image paths start from
   */
  static ModelHost open(Settings settings, Path home) {
    Host host =
        Host.open(
            settings
                .get(Setting.CLINISANDBOX_RUN)
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))));
    ModelImages images = images(settings, home);
    return new ModelHost(images, backends(settings, host, images), List.of(host));
  }

  /** The images in reach. */
  static ModelImages images(Settings settings, Path home) {
    Path folder = settings.path(Setting.CLINISANDBOX_IMAGES, Setting.CLINISANDBOX_DATA, "images");
    try {
      return new ModelImages(
          new ImageStore(
              new ImageStore.Settings(
                  folder,
                  home,
                  settings.size(Setting.CLINISANDBOX_IMAGES_SIZE).orElseThrow(),
                  LARGEST_IMAGE,
                  Set.copyOf(settings.list(Setting.CLINISANDBOX_REGISTRIES)))));
    } catch (IOException e) {
      throw new SettingsException(
          "Images cannot be kept in "
              + folder
              + ": set CLINISANDBOX_IMAGES to a folder that can be"
              + " written.");
    }
  }

  /** The backends, strongest first unless the settings say otherwise, and the mock for mocks. */
  private static Backends backends(Settings settings, Host host, ModelImages images) {
    Path machine =
        settings.path(Setting.CLINISANDBOX_MACHINE, Setting.CLINISANDBOX_HOME, "guest/out");
    Disks disks = new HostDisks(host, images);
    Map<String, Supplier<Backend>> all = new LinkedHashMap<>();
    all.put("firecracker", () -> new FirecrackerBackend(host, disks, machine));
    all.put("qemu", () -> new QemuBackend(host, disks, machine));
    all.put("gvisor", () -> new GvisorBackend(host));
    all.put("bubblewrap", () -> new BubblewrapBackend(host));
    all.put("wasm", () -> new WasmBackend(host));
    List<String> preferred =
        settings.useRealVm()
            ? List.of("firecracker", "wasm")
            : settings.list(Setting.CLINISANDBOX_BACKENDS);
    List<Backend> chosen = new ArrayList<>();
    for (String name : preferred.isEmpty() ? List.copyOf(all.keySet()) : preferred) {
      Supplier<Backend> backend = all.remove(name);
      if (backend == null) {
        throw new SettingsException(
            "CLINISANDBOX_BACKENDS names "
                + name
                + ", which is no backend, or twice; docs/settings.md lists them.");
      }
      chosen.add(backend.get());
    }
    chosen.add(new MockBackend());
    return new Backends(chosen, Clock.systemUTC());
  }

  /** The weakest isolation for each tenant's jobs. */
  static Map<String, Isolation> minimums(Settings settings) {
    Map<String, Isolation> minimums = new TreeMap<>();
    settings
        .tenantIsolation()
        .forEach(
            (tenant, label) ->
                minimums.put(tenant, Isolation.valueOf(label.toUpperCase(java.util.Locale.ROOT))));
    return minimums;
  }

  /** What warm sandboxes may hold together, in bytes. */
  static long warmMemory(Settings settings) {
    return settings
        .size(Setting.CLINISANDBOX_WARM_MEMORY)
        .orElseGet(
            () ->
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getTotalMemorySize()
                    / 4);
  }
}
