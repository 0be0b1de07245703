package org.clinisandbox.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Registration.Invalid;
import org.clinisandbox.registry.Registration.Model;
import org.clinisandbox.registry.Registration.State;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * The table {@code diagnostic_models}. It is asked anew each time, so that a row written by SQL is
 * seen at once; only the reading of an unchanged row's manifest is remembered.
 */
public final class Registry {
  private final JdbcClient jdbc;
  private final Map<UUID, Remembered> remembered = new ConcurrentHashMap<>();

  /** A row, and PostgreSQL's mark of its present version. */
  private record RowMark(UUID id, String mark) {}

  private record Remembered(RowMark mark, Registration registration) {}

  public Registry(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Every row, by key, the highest version of each first. */
  public List<Registration> list() {
    return read("select id, xmin::text as mark from diagnostic_models", List.of());
  }

  /** Every row of a key, the highest version first. */
  public List<Registration> versions(String key) {
    return read("select id, xmin::text as mark from diagnostic_models where key = ?", List.of(key));
  }

  /** Of each key the version that a request without one would use. */
  public List<Model> active() {
    Map<String, Model> highest = new LinkedHashMap<>();
    for (Registration registration : list()) {
      if (registration instanceof Model model && model.state() == State.ACTIVE) {
        highest.putIfAbsent(model.key(), model);
      }
    }
    return List.copyOf(highest.values());
  }

  /** A number that is another whenever the table has changed. */
  public long revision() {
    return jdbc.sql("select revision from registry_revision").query(Long.class).single();
  }

  /**
   * The active version to use: that with exactly this text, or the highest when none is named. The
   * time of registration never counts.
   */
  public Optional<Model> resolve(String key, @Nullable String version) {
    return versions(key).stream()
        .filter(Model.class::isInstance)
        .map(Model.class::cast)
        .filter(model -> model.state() == State.ACTIVE)
        .filter(model -> version == null || model.version().equals(version))
        .findFirst();
  }

  /** A model by its row, whatever its state: what a job was pinned to. */
  public Optional<Model> find(UUID id) {
    return read("select id, xmin::text as mark from diagnostic_models where id = ?", List.of(id))
        .stream()
        .filter(Model.class::isInstance)
        .map(Model.class::cast)
        .findFirst();
  }

  private List<Registration> read(String sql, List<?> params) {
    List<RowMark> rows =
        jdbc.sql(sql)
            .params(params)
            .query((row, n) -> new RowMark(row.getObject("id", UUID.class), row.getString("mark")))
            .list();
    readUnknown(rows);
    return rows.stream()
        .flatMap(row -> Optional.ofNullable(remembered.get(row.id())).stream())
        .map(Remembered::registration)
        .sorted(
            Comparator.comparing(Registration::key)
                .thenComparing(
                    Registration::version, Comparator.comparing(Registry::precedence).reversed()))
        .toList();
  }

  /** A version that SQL wrote and that is none ranks below all others. */
  private static ModelVersion precedence(String version) {
    return ModelVersion.isVersion(version) ? new ModelVersion(version) : new ModelVersion("0-0");
  }

  /** Reads what is not remembered as it is now, in one go. */
  private void readUnknown(List<RowMark> rows) {
    UUID[] unknown =
        rows.stream()
            .filter(
                row -> {
                  Remembered known = remembered.get(row.id());
                  return known == null || !known.mark().equals(row);
                })
            .map(RowMark::id)
            .toArray(UUID[]::new);
    if (unknown.length > 0) {
      jdbc.sql("select *, xmin::text as mark from diagnostic_models where id = any(?)")
          .param(unknown)
          .query(
              (row, n) ->
                  new Remembered(
                      new RowMark(row.getObject("id", UUID.class), row.getString("mark")),
                      registration(row)))
          .list()
          .forEach(fresh -> remembered.put(fresh.mark().id(), fresh));
    }
  }

  private static Registration registration(ResultSet row) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    String key = row.getString("key");
    String version = row.getString("version");
    String name = row.getString("name");
    State state = State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
    JsonNode document = Json.MAPPER.readTree(row.getString("required_fhir_resources"));
    return switch (ManifestReader.readRow(
        key, version, name, row.getString("docker_image_path"), document)) {
      case ManifestReading.Read read ->
          new Model(
              id,
              read.manifest(),
              state,
              row.getString("origin"),
              row.getString("digest"),
              row.getBigDecimal("accuracy"),
              document);
      case ManifestReading.Refused refused ->
          new Invalid(id, key, version, name, state, refused.sentence());
    };
  }

  /**
   * Adds a model.
   *
   * @param digest of its image; null to have it pinned by the worker that first runs it
   * @return empty when a version of equal precedence is there already
   */
  public Optional<UUID> register(
      ModelRow row, State state, String origin, @Nullable String digest) {
    ModelVersion version = new ModelVersion(row.version());
    boolean taken =
        versions(row.key()).stream()
            .map(Registration::version)
            .anyMatch(other -> precedence(other).compareTo(version) == 0);
    if (taken) {
      return Optional.empty();
    }
    UUID id = row.id() == null ? UUID.randomUUID() : UUID.fromString(row.id());
    try {
      insert(id, row, state, origin, digest, "");
      return Optional.of(id);
    } catch (DuplicateKeyException e) {
      return Optional.empty();
    }
  }

  /** Adds a sample model, or brings the one that is there up to this release. */
  public void registerSample(ModelRow row, @Nullable String digest) {
    insert(
        UUID.randomUUID(),
        row,
        State.ACTIVE,
        "sample",
        digest,
        """
         on conflict (key, version) do update
           set name = excluded.name, docker_image_path = excluded.docker_image_path,
             required_fhir_resources = excluded.required_fhir_resources, digest = excluded.digest
           where diagnostic_models.origin = 'sample'
             and (diagnostic_models.digest, diagnostic_models.required_fhir_resources)
                 is distinct from (excluded.digest, excluded.required_fhir_resources)
        """);
  }

  private void insert(
      UUID id, ModelRow row, State state, String origin, @Nullable String digest, String conflict) {
    jdbc.sql(
            """
            insert into diagnostic_models (id, name, key, version, docker_image_path, accuracy,
              required_fhir_resources, state, origin, digest)
            values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)
            """
                + conflict)
        .params(id, row.name(), row.key(), row.version(), row.image())
        .param(row.accuracy())
        .params(row.requiredFhirResources().toString(), state.label(), origin)
        .param(digest)
        .update();
  }

  /**
   * Pins the image of a model that has no digest yet; the first to do so wins.
   *
   * @return the digest that is pinned now
   */
  public String pin(UUID id, String digest) {
    return jdbc.sql(
            """
            update diagnostic_models set digest = coalesce(digest, ?) where id = ? returning digest
            """)
        .params(digest, id)
        .query((row, n) -> row.getString("digest"))
        .single();
  }

  /** Moves a version to a state; false when there is no such version. */
  public boolean changeState(String key, String version, State state) {
    return jdbc.sql("update diagnostic_models set state = ? where key = ? and version = ?")
            .params(state.label(), key, version)
            .update()
        == 1;
  }
}
