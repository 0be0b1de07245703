package org.clinisandbox.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Says which backends work here, each by a real start. */
@Command(
    name = "doctor",
    description = "Starts a sandbox of every backend and says which work, and what is missing.")
final class DoctorCommand implements Callable<Integer> {
  private final Roles roles;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  DoctorCommand(Roles roles) {
    this.roles = roles;
  }

  @Override
  public Integer call() {
    Settings settings = Settings.load(System.getenv(), Map.of());
    List<Probe> probes;
    try (ModelHost host = roles.modelHost(settings, settings.path(Setting.CLINISANDBOX_HOME))) {
      probes = host.backends().probe();
    }
    if (json) {
      System.out.println(Json.MAPPER.writeValueAsString(json(probes)));
    } else {
      for (Probe probe : probes) {
        System.out.printf(
            "%-12s %-10s %-13s %s%n",
            probe.name(),
            probe.isolation().label(),
            probe.available() ? "available" : "not available",
            probe.detail());
        if (probe.remedy() != null) {
          System.out.println("             " + probe.remedy());
        }
      }
    }
    return probes.stream().anyMatch(Probe::available) ? 0 : 1;
  }

  private static ObjectNode json(List<Probe> probes) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var backends = json.putArray("backends");
    for (Probe probe : probes) {
      ObjectNode backend = backends.addObject();
      backend.put("name", probe.name());
      backend.put("isolation", probe.isolation().label());
      backend.put("available", probe.available());
      backend.put("ready_ms", probe.ready() == null ? null : probe.ready().toMillis());
      backend.put("detail", probe.detail());
      backend.put("remedy", probe.remedy());
    }
    return json;
  }
}
