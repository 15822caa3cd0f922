-- One thing done to many tickets: a run is frozen when it is previewed, and each ticket of it has a result of its own.

create table bulk_runs (
  bulk_id uuid primary key,
  environment text collate "C" not null,
  action text not null check (action in ('cancel', 'accept', 'reject')),
  state text not null check (state in ('previewed', 'running', 'paused', 'aborted', 'finished')),
  -- What was chosen: {"ticketIds":[…]} or {"filter":{…}}, and the same in words.
  selection jsonb not null,
  words text not null,
  -- Of the items, and how many there are.
  ids_hash bytea not null check (octet_length(ids_hash) = 32),
  total int not null check (total between 1 and 1000),
  -- Whether more matched than one run takes.
  more boolean not null,
  -- How many items have which result: {"waiting":60}. Kept with the items, so that nothing is counted.
  counts jsonb not null,
  previewed_at timestamptz not null,
  person_id uuid not null,
  person_name text not null,
  -- Of what the one who confirms must know, bound to what is confirmed. null once it was used.
  confirm_hash bytea check (octet_length(confirm_hash) = 32),
  confirm_until timestamptz not null,
  -- Of the confirmation: the click, its role, and why.
  request_id uuid,
  role text,
  protection text,
  reason text,
  started_at timestamptz,
  finished_at timestamptz,
  -- What it waits for or was stopped by; null while it goes on.
  problem text,
  problem_at timestamptz,
  -- The run whose failures this one tries again.
  retry_of uuid references bulk_runs on delete set null,
  check ((state = 'previewed') = (started_at is null)),
  check ((started_at is null) = (request_id is null))
);
-- Runs of an environment, newest first; previews are nobody else's business.
create index bulk_runs_newest on bulk_runs (environment, started_at, bulk_id) where state <> 'previewed';
-- What is to be carried on: the oldest first. Also aborted ones, whose last calls may be in doubt.
create index bulk_runs_open on bulk_runs (environment, started_at) where state in ('running', 'paused', 'aborted');
-- Previews that nobody confirmed.
create index bulk_runs_previewed on bulk_runs (environment, confirm_until) where state = 'previewed';
create index bulk_runs_retry on bulk_runs (retry_of) where retry_of is not null;

create table bulk_items (
  bulk_id uuid not null references bulk_runs on delete cascade,
  position int not null,
  ticket_id text collate "C" not null,
  -- Of answers: the match that was proposed, and whose answers are given.
  match_id text collate "C",
  player_ids jsonb,
  result text not null default 'waiting'
    check (result in ('waiting', 'asking', 'done', 'too-late', 'gone', 'already-finished', 'unknown', 'failed')),
  -- How often it was asked; each try has an audit row.
  tries int not null default 0,
  audit_id bigint,
  -- Whether an earlier try may have had its effect.
  doubted boolean not null default false,
  asked_at timestamptz,
  settled_at timestamptz,
  -- Why it failed or came too late, in words.
  reason text,
  primary key (bulk_id, position)
);
-- The next one to ask about.
create index bulk_items_waiting on bulk_items (bulk_id, position) where result = 'waiting';
-- Whose effect nobody knows.
create index bulk_items_doubt on bulk_items (bulk_id, asked_at) where result in ('asking', 'unknown');
