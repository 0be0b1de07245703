-- The key store: a database of its own, never in the data's backup. Everything in it is wrapped.

-- One row, sealed by the master key: tells a wrong master key from the right one at start.
create table key_check (
  id smallint primary key check (id = 1),
  sealed bytea not null
);

-- One encryption keyset and one MAC keyset for each tenant, wrapped by the master key.
create table tenant_keys (
  tenant text primary key,
  wrapped bytea not null,
  wrapped_mac bytea not null,
  created_at timestamptz not null default now()
);

-- The same for each job, wrapped by its tenant's key. Deleting the row erases the patient.
create table job_keys (
  job_id uuid primary key,
  tenant text not null,
  wrapped bytea not null,
  wrapped_mac bytea not null,
  created_at timestamptz not null default now()
)
-- A deleted key leaves the disk at the next vacuum: it must not wait until a fifth of the table has gone.
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20);
