-- The audit trail as a chain. `audit` stays what it was: an intent, and its outcome added once. Every write to it is queued
-- by a trigger in the same transaction, so that an action waits for nobody; the process that holds the lease seals what is
-- queued a moment later with a key that is not in the database. Decision 0032.

alter table audit
  add column state_before jsonb,
  add column state_after jsonb;

-- What is committed and not sealed yet.
create table audit_unsealed (
  unsealed_id bigint generated always as identity primary key,
  audit_id bigint not null,
  kind text not null check (kind in ('intent', 'outcome', 'erasure', 'removal'))
);

-- `digest` is keyed and covers the content of the row; `link` is keyed and covers this entry and the link before.
create table audit_links (
  seq bigint primary key,
  audit_id bigint not null,
  kind text not null check (kind in ('intent', 'outcome', 'erasure', 'removal')),
  digest bytea not null check (octet_length(digest) = 32),
  link bytea not null check (octet_length(link) = 32),
  sealed_at timestamptz not null
);
create unique index audit_links_once on audit_links (audit_id, kind) where kind in ('intent', 'outcome');
create index audit_links_replaced on audit_links (audit_id, seq) where kind in ('erasure', 'removal');

-- How far the chain goes, signed. `key_id` tells which key, and is null until the first signature.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  link bytea not null,
  key_id text,
  signed_at timestamptz,
  signature bytea
);
insert into audit_head (seq, link) values (0, decode(repeat('00', 32), 'hex'));

-- The last time the whole chain was walked, and what came of it.
create table audit_check (
  only_row boolean primary key default true check (only_row),
  checked_at timestamptz not null,
  entries bigint not null,
  -- null when everything was as it was sealed.
  problem text
);

-- Refusals of whom nobody knows, and what a person was refused beyond what is written down one by one.
create table refusals (
  hour timestamptz not null,
  kind text not null,
  code text not null,
  refused bigint not null,
  primary key (hour, kind, code)
);

-- For the filters of the page, each newest first. Steps are listed under their click, so that lists need no further look.
create index audit_by_id_environment on audit (environment, audit_id desc);
create index audit_by_id_person on audit (person_id, audit_id desc);
create index audit_by_id_person_name on audit (person_name, audit_id desc);
create index audit_by_id_action on audit (action, audit_id desc);
create index audit_by_id_outcome on audit (outcome, audit_id desc);
create index audit_by_id_target on audit (target, audit_id desc);
create index audit_by_request on audit (request_id);

-- Rows that are there already are sealed as they are now, in the order they came.
insert into audit_unsealed (audit_id, kind)
select audit_id, kind from (
  select audit_id, 'intent' as kind, 0 as part from audit
  union all select audit_id, 'outcome', 1 from audit where outcome is not null
) as there_already order by audit_id, part;

-- Two things may be done to a row besides adding its outcome, each only by a transaction that says so, and each leaves an
-- entry in the chain: `erasure` puts pseudonyms in the place of personal text, `removal` is the end of its retention.
create or replace function audit_is_append_only() returns trigger language plpgsql as $$
declare
  declared text := coalesce(current_setting('matchdesk.audit', true), '');
  outcome_columns text[] := array['outcome', 'outcome_code', 'outcome_message', 'outcome_data', 'finished_at',
    'state_before', 'state_after'];
  personal_columns text[] := array['person_name', 'target', 'input', 'outcome_message', 'outcome_data', 'state_before',
    'state_after'];
begin
  if tg_op = 'TRUNCATE' or (tg_op = 'DELETE' and declared <> 'removal') then
    raise exception 'audit rows are never removed' using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if declared = 'erasure' then
    if to_jsonb(new) - personal_columns is distinct from to_jsonb(old) - personal_columns then
      raise exception 'erasure changes personal text only' using errcode = 'insufficient_privilege';
    end if;
    return new;
  end if;
  if old.outcome is not null then
    raise exception 'audit row % already has its outcome', old.audit_id using errcode = 'insufficient_privilege';
  end if;
  if to_jsonb(new) - outcome_columns is distinct from to_jsonb(old) - outcome_columns then
    raise exception 'only the outcome of audit row % may be added', old.audit_id using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create function queue_for_sealing() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into audit_unsealed (audit_id, kind) values (old.audit_id, 'removal');
  elsif tg_op = 'INSERT' then
    insert into audit_unsealed (audit_id, kind) values (new.audit_id, 'intent');
    if new.outcome is not null then
      insert into audit_unsealed (audit_id, kind) values (new.audit_id, 'outcome');
    end if;
  elsif coalesce(current_setting('matchdesk.audit', true), '') = 'erasure' then
    insert into audit_unsealed (audit_id, kind) values (new.audit_id, 'erasure');
  elsif new.outcome is not null then
    insert into audit_unsealed (audit_id, kind) values (new.audit_id, 'outcome');
  end if;
  return null;
end $$;
create trigger audit_queue after insert or update or delete on audit for each row execute function queue_for_sealing();

create function audit_links_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the audit chain are never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_links_rows before update or delete on audit_links
  for each row execute function audit_links_are_append_only();
create trigger audit_links_table before truncate on audit_links
  for each statement execute function audit_links_are_append_only();

-- Where the dashboard's role is not a superuser, the database refuses before any trigger is asked: who owns a table can
-- take rights from itself.
revoke update, delete, truncate on audit, audit_links from current_user, public;
grant update (outcome, outcome_code, outcome_message, outcome_data, finished_at, state_before, state_after)
  on audit to current_user;
