-- Game sessions as their fleets list them, and how the reading of each fleet goes.

alter table game_sessions
  -- The fleet or alias, as the environment names it, that listed the session last; null where only events spoke of it.
  add column told_by text collate "C",
  -- Since when GameLift lists it no more, although nothing says that it has ended; null while it does.
  add column unlisted_at timestamptz;
-- Which sessions run, as far as is known, newest first?
create index game_sessions_running on game_sessions (environment, created_at, game_session_arn)
  where status in ('ACTIVATING', 'ACTIVE', 'TERMINATING');

-- The fleets and aliases of an environment, each read again and again from its first page to its last.
create table fleet_reads (
  environment text collate "C" not null,
  fleet text collate "C" not null,
  -- When the last reading began that came to its end, and how many sessions it listed; null before the first.
  listed_at timestamptz,
  sessions int,
  -- What GameLift failed with; null while it answers.
  problem text,
  problem_since timestamptz,
  primary key (environment, fleet)
);
