package org.clinisandbox.registry;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A manifest laid out in the columns of the table {@code diagnostic_models}.
 *
 * @param id a UUID; null when the document names none
 * @param accuracy 0 to 1, as the vendor claims it; null when not given
 * @param requiredFhirResources the rest of the document: everything but the four text columns
 */
public record ModelRow(
    @Nullable String id,
    String key,
    String version,
    String name,
    String image,
    @Nullable BigDecimal accuracy,
    JsonNode requiredFhirResources) {}
