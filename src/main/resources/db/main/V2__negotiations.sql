-- A negotiation that waits for answers. It can be asked again, so nobody waits for the disk here.
create table negotiations (
  id          uuid primary key,
  tenant      text not null references tenants (name),
  model_id    uuid not null references diagnostic_models (id),
  -- The bundle, the answers so far and where the result goes, sealed; gone once it has ended.
  state       bytea,
  -- Counts the answers taken; whoever writes names the turn that the answer was weighed in.
  turn        int not null default 0,
  job_id      uuid references jobs (id) on delete cascade,
  created_at  timestamptz not null default now()
);
alter table negotiations alter column state set storage external;
create index negotiations_of_a_tenant on negotiations (tenant, created_at desc, id desc) where state is not null;
create index negotiations_by_age on negotiations (created_at);

-- Goes up with every change of the registry, so that what was worked out from it can be kept.
create table registry_revision (
  only_row  boolean primary key default true check (only_row),
  revision  bigint not null
);
insert into registry_revision (revision) values (0);

create function next_registry_revision() returns trigger language plpgsql as $$
begin
  update registry_revision set revision = revision + 1;
  return null;
end $$;

create trigger diagnostic_models_changed
  after insert or update or delete or truncate on diagnostic_models
  for each statement execute function next_registry_revision();
