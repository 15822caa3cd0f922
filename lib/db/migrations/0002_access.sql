-- People, their sessions, one-time sign-in links, and the audit trail.

create table people (
  person_id uuid primary key default gen_random_uuid(),
  name text not null unique check (char_length(name) between 1 and 100),
  role text not null check (role in ('viewer', 'support', 'qa', 'operator', 'admin')),
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);

-- Only the SHA-256 of the id in the cookie is kept: whoever reads this table cannot sign in with it.
create table sessions (
  id_hash bytea primary key check (octet_length(id_hash) = 32),
  person_id uuid not null references people on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_person on sessions (person_id);
create index sessions_expiry on sessions (expires_at);

create table sign_in_links (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  person_id uuid not null references people on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- One row per intent, committed before its effect; the outcome is written once, afterwards. `step` 0 is the click,
-- 1, 2, 3, … are the calls it made where each has a fate of its own.
create table audit (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null,
  person_id uuid,
  person_name text,
  role text,
  environment text,
  protection text,
  action text not null,
  target text,
  input jsonb not null,
  request_id uuid not null,
  step int not null default 0,
  outcome text check (outcome in ('done', 'refused', 'failed', 'unknown', 'denied')),
  outcome_code text,
  outcome_message text,
  outcome_data jsonb,
  finished_at timestamptz,
  check ((outcome is null) = (finished_at is null)),
  -- A click is carried out once: a repeat finds this row instead. Per person, so that nobody meets another's outcome.
  unique (person_id, request_id, step)
);
create index audit_newest on audit (at, audit_id);
create index audit_by_person on audit (person_id, at);
create index audit_by_target on audit (environment, target, at);
create index audit_unfinished on audit (at) where outcome is null;

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'audit rows are never removed' using errcode = 'insufficient_privilege';
  end if;
  if old.outcome is not null then
    raise exception 'audit row % already has its outcome', old.audit_id using errcode = 'insufficient_privilege';
  end if;
  if (new.audit_id, new.at, new.person_id, new.person_name, new.role, new.environment, new.protection, new.action,
      new.target, new.input, new.request_id, new.step)
     is distinct from
     (old.audit_id, old.at, old.person_id, old.person_name, old.role, old.environment, old.protection, old.action,
      old.target, old.input, old.request_id, old.step) then
    raise exception 'only the outcome of audit row % may be added', old.audit_id using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger audit_rows before update or delete on audit for each row execute function audit_is_append_only();
create trigger audit_table before truncate on audit for each statement execute function audit_is_append_only();

-- One row: whether the demo traffic of the local environment runs.
create table demo_switch (
  only_row boolean primary key default true check (only_row),
  running boolean not null,
  changed_at timestamptz not null,
  changed_by text not null
);
