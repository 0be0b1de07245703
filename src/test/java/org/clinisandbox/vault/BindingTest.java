package org.clinisandbox.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BindingTest {
  private static final List<String> TENANTS = List.of("a", "ab", "abc", "bc", "c", "a\u0000", "");

  @Test
  void no_two_owners_or_uses_share_a_binding() {
    Set<String> seen = new HashSet<>();
    int made = 1;
    seen.add(hex(Binding.check()));
    for (String tenant : TENANTS) {
      seen.add(hex(Binding.tenantKey(tenant)));
      for (String purpose : TENANTS) {
        seen.add(hex(Binding.secret(tenant, purpose)));
      }
      made += 1 + TENANTS.size();
      for (int i = 0; i < 2; i++) {
        UUID job = new UUID(0, i);
        seen.add(hex(Binding.jobKey(tenant, job)));
        for (Column column : Column.values()) {
          seen.add(hex(Binding.column(tenant, job, column)));
        }
        made += 1 + Column.values().length;
      }
    }
    assertThat(seen).hasSize(made);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
