package org.clinisandbox.intake;

import org.clinisandbox.registry.ManifestSchema;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The JSON Schema of a manifest, for editors and for a vendor's own checks. */
@RestController
public class ManifestSchemaController {
  private static final MediaType SCHEMA_JSON = MediaType.valueOf("application/schema+json");
  private static final byte[] SCHEMA = ManifestSchema.bytes();

  @GetMapping("/v1/manifest-schema")
  ResponseEntity<byte[]> schema() {
    return ResponseEntity.ok().contentType(SCHEMA_JSON).body(SCHEMA);
  }
}
