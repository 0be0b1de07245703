-- Everything in a column of type bytea is AES-256-GCM ciphertext or a keyed digest; no column holds
-- PHI in the clear.

create table tenants (
  name            text primary key,
  webhook_secret  bytea not null,
  created_at      timestamptz not null default now()
);

-- The first seven columns, and what an INSERT of just these does, are public contract.
create table diagnostic_models (
  id                       uuid primary key default gen_random_uuid(),
  name                     text not null,
  key                      text not null,
  version                  text not null,
  docker_image_path        text not null,
  accuracy                 numeric,
  required_fhir_resources  jsonb not null,
  state                    text not null default 'active' check (state in ('draft', 'active', 'retired')),
  origin                   text not null default 'sql',
  digest                   text,
  created_at               timestamptz not null default now(),
  unique (key, version)
);

create table jobs (
  id                uuid primary key,
  tenant            text not null references tenants (name),
  model_id          uuid not null references diagnostic_models (id),
  model_key         text not null,
  model_version     text not null,
  status            text not null default 'queued'
                    check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  bundle            bytea not null,
  inputs            bytea not null,
  callback          bytea,
  client_reference  bytea,
  result            bytea,
  stderr            bytea,
  error             text,
  accepted_at       timestamptz not null default now(),
  started_at        timestamptz,
  ended_at          timestamptz,
  -- Claiming: who holds the job, until when, and the number that fences off a late writer.
  attempts          int not null default 0,
  fence             bigint not null default 0,
  worker            text,
  lease_until       timestamptz,
  not_before        timestamptz not null default now(),
  published_at      timestamptz
);
-- Ciphertext does not compress; do not let the server try.
alter table jobs alter column bundle set storage external;
alter table jobs alter column inputs set storage external;
alter table jobs alter column result set storage external;
create index jobs_of_a_tenant on jobs (tenant, accepted_at desc, id);
create index jobs_to_do on jobs (not_before) where status in ('queued', 'running');

-- Written in the job's own transaction, emptied into the queue's stream after it.
create table outbox (
  id      bigint generated always as identity primary key,
  job_id  uuid not null
);

create table idempotency_keys (
  tenant      text not null,
  route       text not null,
  key         bytea not null,
  body        bytea not null,
  -- Deferred: the key is taken before the job is made, so that a twin waits as early as it can.
  job_id      uuid not null references jobs (id) on delete cascade deferrable initially deferred,
  created_at  timestamptz not null default now(),
  primary key (tenant, route, key)
);

create table deliveries (
  id               uuid primary key,
  job_id           uuid not null references jobs (id) on delete cascade,
  tenant           text not null,
  type             text not null,
  status           text not null default 'pending'
                   check (status in ('pending', 'delivered', 'failed')),
  attempts         int not null default 0,
  response_status  int,
  detail           text,
  created_at       timestamptz not null default now(),
  next_attempt_at  timestamptz,
  ended_at         timestamptz
);
create index deliveries_of_a_job on deliveries (job_id);

-- The table of the db-scheduler library.
create table scheduled_tasks (
  task_name             text not null,
  task_instance         text not null,
  task_data             bytea,
  execution_time        timestamptz not null,
  picked                boolean not null,
  picked_by             text,
  last_success          timestamptz,
  last_failure          timestamptz,
  consecutive_failures  int,
  last_heartbeat        timestamptz,
  version               bigint not null,
  priority              smallint,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
