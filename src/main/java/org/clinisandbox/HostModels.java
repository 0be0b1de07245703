package org.clinisandbox;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Backends;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.mock.MockBackend;
import org.clinisandbox.sandbox.wasm.WasmBackend;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.settings.SettingsException;

/** What the settings say of running models on this host. */
final class HostModels {
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
    return new ModelHost(new ModelImages(home), backends(settings, host), List.of(host));
  }

  /** Every backend, in the order of preference; the mock is always there, for mock images. */
  private static Backends backends(Settings settings, Host host) {
    List<Backend> all =
        List.of(new BubblewrapBackend(host), new WasmBackend(host), new MockBackend());
    List<String> preferred =
        settings.useRealVm()
            ? List.of("firecracker", "wasm")
            : settings.list(Setting.CLINISANDBOX_BACKENDS);
    if (preferred.isEmpty()) {
      return Backends.strongestFirst(all, Clock.systemUTC());
    }
    List<Backend> chosen = new ArrayList<>();
    for (String name : preferred) {
      chosen.add(
          all.stream()
              .filter(backend -> backend.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SettingsException(
                          "CLINISANDBOX_BACKENDS names " + name + ", which is none.")));
    }
    if (!preferred.contains("mock")) {
      chosen.add(all.getLast());
    }
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
