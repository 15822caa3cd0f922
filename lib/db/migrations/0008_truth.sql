-- What is presumed, what was set aside, and game sessions that no match of ours made.

-- Tickets whose status is presumed.
create index tickets_presumed on tickets (environment, started_at, ticket_id) where presumed;

-- Messages that could not be taken, as they came, with the reason.
create table set_aside (
  id bigint generated always as identity primary key,
  environment text collate "C" not null,
  channel text not null,
  message_id text collate "C",
  reason text not null,
  body bytea not null,
  receive_count int not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'taken', 'dropped'))
);
-- The newest first; those that wait for somebody.
create index set_aside_newest on set_aside (environment, id);
create index set_aside_waiting on set_aside (environment, id) where state = 'waiting';
-- The same message again is the same row.
create unique index set_aside_message on set_aside (environment, channel, message_id) where message_id is not null;

-- Sessions may be known from a fleet alone.
alter table game_sessions
  alter column configuration drop not null,
  alter column match_id drop not null,
  -- As GameLift last described them; null where only an event spoke of the session.
  add column status text,
  add column current_players int,
  add column maximum_players int,
  add column creation_policy text,
  add column seen_at timestamptz,
  add column source text not null default 'event' check (source in ('event', 'describe'));
