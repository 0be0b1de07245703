package org.clinisandbox.vault;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Associated data: what a ciphertext is for. Each part is UTF-8 with its length in front, so that
 * no two lists of parts give the same bytes. The first part is the format's version, the second the
 * kind.
 */
final class Binding {
  private static final String VERSION = "clinisandbox/1";

  private Binding() {}

  static byte[] column(String tenant, UUID job, Column column) {
    return of("column", tenant, job.toString(), column.name());
  }

  static byte[] secret(String tenant, String purpose) {
    return of("secret", tenant, purpose);
  }

  static byte[] tenantKey(String tenant) {
    return of("tenant-key", tenant);
  }

  static byte[] jobKey(String tenant, UUID job) {
    return of("job-key", tenant, job.toString());
  }

  static byte[] check() {
    return of("check");
  }

  private static byte[] of(String... parts) {
    var out = new ByteArrayOutputStream();
    append(out, VERSION);
    for (String part : parts) {
      append(out, part);
    }
    return out.toByteArray();
  }

  private static void append(ByteArrayOutputStream out, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }
}
