-- The local engine keeps its own schema: nothing outside lib/engine reads or writes it.
create schema engine;

-- Every command that was acknowledged, in the order it was applied. Commands are text, not jsonb: a replay must see the
-- very bytes, and jsonb reorders keys and rewrites numbers.
create table engine.journal (
  position bigint primary key check (position > 0),
  time_ms bigint not null,
  command text not null
);

-- The whole state after `position`. Written only once the outbox holds every event up to there.
create table engine.snapshots (
  position bigint primary key,
  time_ms bigint not null,
  state text not null,
  taken_at timestamptz not null default now()
);

-- Events to deliver. Derived from the journal, so a replay writes the same rows again.
create table engine.events (
  position bigint not null,
  index int not null,
  event_id text not null,
  time_ms bigint not null,
  resource_arn text not null,
  detail text not null,
  primary key (position, index)
);

-- How far each target has been served: everything up to and with (position, index) was answered with 2xx or set aside.
create table engine.targets (
  name text primary key,
  url text not null,
  position bigint not null default 0,
  index int not null default 0,
  updated_at timestamptz not null default now()
);

-- Events a target refused for good. They no longer hold up the line, and are not lost either.
create table engine.set_aside (
  target text not null,
  position bigint not null,
  index int not null,
  event_id text not null,
  reason text not null,
  envelope text not null,
  at timestamptz not null default now(),
  primary key (target, position, index)
);

-- Who holds the advisory lock now, so that a second engine can say it. One row.
create table engine.holder (
  only_row boolean primary key default true check (only_row),
  run uuid not null,
  pid int not null,
  host text not null,
  since timestamptz not null default now()
);
