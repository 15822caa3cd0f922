-- The ticket index. `facts` and `placements` are the truth; everything else here can be rebuilt from them.
-- Ids compare byte by byte (collate "C"): keyset pages and prefix ranges then mean the same everywhere.

create table facts (
  environment text collate "C" not null,
  id text collate "C" not null,
  source text not null check (source in ('event', 'describe', 'gone')),
  -- detail.type of an event, TicketDescribed or TicketGone.
  type text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  configuration text collate "C" not null,
  match_id text collate "C",
  game_session_arn text collate "C",
  -- The envelope as it came, the observation, or {"ticketId"}.
  body jsonb not null,
  primary key (environment, id)
);
-- What happened to this match, and what came with it?
create index facts_of_match on facts (environment, match_id, at) where match_id is not null;
-- Which matches were placed in this game session?
create index facts_of_session on facts (environment, game_session_arn, at) where game_session_arn is not null;

-- One event names every ticket of its match. Type and time are repeated so that matches can ask without the body.
create table fact_tickets (
  environment text collate "C" not null,
  ticket_id text collate "C" not null,
  fact_id text collate "C" not null,
  type text not null,
  at timestamptz not null,
  -- What is the history of this ticket?
  primary key (environment, ticket_id, fact_id)
);

-- What queues said about placements; placement_id is the match id where FlexMatch asked.
create table placements (
  environment text collate "C" not null,
  id text collate "C" not null,
  placement_id text collate "C" not null,
  type text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  queue text collate "C" not null,
  body jsonb not null,
  primary key (environment, id)
);
-- What did the queue say about this match?
create index placements_of_match on placements (environment, placement_id, at);

create table tickets (
  environment text collate "C" not null,
  ticket_id text collate "C" not null,
  configuration text collate "C" not null,
  kind text not null,
  status text not null,
  is_open boolean not null generated always as
    (status in ('QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING')) stored,
  presumed boolean not null,
  cause text not null,
  status_reason text,
  status_message text,
  match_id text collate "C",
  acceptance_deadline timestamptz,
  players jsonb not null,
  player_count int not null,
  game_session_arn text collate "C",
  ip_address text,
  dns_name text,
  port int,
  estimated_wait_seconds double precision,
  started_at timestamptz not null,
  ended_at timestamptz,
  updated_at timestamptz not null,
  described boolean not null,
  last_event_at timestamptz,

  -- Not projected: what operators asked for, and when the ticket was and will be looked at.
  -- Open requests: [{"action","at","by","auditId","playerIds"|null}].
  requests jsonb not null default '[]',
  confirmed_at timestamptz not null,
  confirmed_source text not null check (confirmed_source in ('event', 'describe')),
  describe_due_at timestamptz,
  last_described_at timestamptz,
  describe_failures int not null default 0,

  -- This ticket. Also: tickets whose id starts with …, in the order of their ids.
  primary key (environment, ticket_id)
);
-- Each page of the list is one range of one of these, read forwards (oldest) or backwards (newest), and the age filter
-- is a bound of the same range. Almost every ticket is of the kind 'new': that filter rides along on any of them.
-- All tickets, by start.
create index tickets_all on tickets (environment, started_at, ticket_id);
-- Tickets in one status.
create index tickets_status on tickets (environment, status, started_at, ticket_id);
-- Tickets of one configuration.
create index tickets_configuration on tickets (environment, configuration, started_at, ticket_id);
-- Tickets of one configuration in one status; also how long its last completed ones waited.
create index tickets_configuration_status on tickets (environment, configuration, status, started_at, ticket_id);
-- Open tickets.
create index tickets_open on tickets (environment, started_at, ticket_id) where is_open;
-- Open tickets of one configuration; also the one that has waited longest.
create index tickets_configuration_open on tickets (environment, configuration, started_at, ticket_id) where is_open;
-- Backfill tickets of one kind, with any configuration: they are few, so the configuration rides along.
create index tickets_kind on tickets (environment, kind, started_at, ticket_id) where kind <> 'new';
-- Backfill tickets of one kind in one status.
create index tickets_kind_status on tickets (environment, kind, status, started_at, ticket_id) where kind <> 'new';
-- Open backfill tickets of one kind.
create index tickets_kind_open on tickets (environment, kind, started_at, ticket_id) where kind <> 'new' and is_open;
-- Which tickets are in this match now?
create index tickets_match on tickets (environment, match_id) where match_id is not null;
-- Which backfill tickets of this game session are open?
create index tickets_session_open on tickets (environment, game_session_arn)
  where is_open and game_session_arn is not null;
-- Which tickets have been in PLACING for longest?
create index tickets_placing on tickets (environment, updated_at) where status = 'PLACING';
-- Which open tickets has nothing confirmed for longest?
create index tickets_unconfirmed on tickets (environment, confirmed_at) where is_open;
-- Which tickets are due for a describe?
create index tickets_due on tickets (environment, describe_due_at) where describe_due_at is not null;

-- A join table and not an array: with a GIN index on an array the planner may prefer to walk all tickets by time.
create table ticket_players (
  environment text collate "C" not null,
  ticket_id text collate "C" not null,
  position int not null,
  player_id text collate "C" not null,
  started_at timestamptz not null,
  primary key (environment, ticket_id, position)
);
-- Which tickets list this player, by start? A player id may be longer than an index entry can be, hence `left`.
create index ticket_players_player on ticket_players (environment, left(player_id, 256), started_at, ticket_id);

create table matches (
  environment text collate "C" not null,
  match_id text collate "C" not null,
  configuration text collate "C" not null,
  status text not null,
  ticket_count int not null,
  player_count int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  acceptance_deadline timestamptz,
  game_session_arn text collate "C",
  primary key (environment, match_id)
);
-- Matches, newest first.
create index matches_all on matches (environment, created_at, match_id);

create table game_sessions (
  environment text collate "C" not null,
  game_session_arn text collate "C" not null,
  configuration text collate "C" not null,
  match_id text collate "C" not null,
  player_count int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (environment, game_session_arn)
);
-- Game sessions, newest first.
create index game_sessions_all on game_sessions (environment, created_at, game_session_arn);
-- The game session with this id (the last part of its ARN).
create index game_sessions_id on game_sessions (environment, (split_part(game_session_arn, '/', -1)));

-- How many tickets are where: maintained with the tickets, so that no page ever counts rows.
create table counters (
  environment text collate "C" not null,
  configuration text collate "C" not null,
  status text not null,
  kind text not null,
  count bigint not null,
  primary key (environment, configuration, status, kind)
);

-- How far the index has heard, per environment.
create table ingest_progress (
  environment text collate "C" primary key,
  last_event_at timestamptz not null,
  last_received_at timestamptz not null
);
