-- Environments beside the built-in one, what is kept for each, and who of many replicas does what.

-- A row called `local` overrides label, colour, protection and retention of the built-in environment, nothing else.
create table environments (
  name text collate "C" primary key check (name ~ '^[a-z][a-z0-9-]{0,31}$'),
  label text not null check (char_length(label) between 1 and 100),
  colour text not null,
  region text not null,
  account_id text check (account_id ~ '^\d{12}$'),
  kind text not null check (kind in ('local', 'aws')),
  endpoint text,
  protection text not null check (protection in ('open', 'guarded', 'protected')),
  -- {profile?, readRoleArn?, writeRoleArn?, externalId?}: names of what holds credentials, never credentials.
  credentials jsonb not null default '{}',
  -- null: all of them.
  configurations text[],
  fleets text[] not null default '{}',
  channels jsonb not null,
  retention_days int not null default 30 check (retention_days between 1 and 400),
  calls_per_second double precision not null default 5 check (calls_per_second > 0),
  managed_by text not null check (managed_by in ('file', 'screen')),
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null,
  -- A removed environment keeps its row: its audit entries, and its facts until their retention ends, name it.
  removed_at timestamptz
);

-- What senders of events must know, as SHA-256: whoever reads this table cannot send. Two live while one replaces the other.
create table channel_secrets (
  environment text collate "C" not null,
  channel text not null check (channel in ('webhook', 'eventbridge', 'sns', 'sqs')),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  made_at timestamptz not null default now(),
  -- null: until another replaces it.
  ends_at timestamptz,
  primary key (environment, channel, secret_hash)
);

-- What is known of the GameLift of an environment, by whichever replica asked last. No row: nothing is wrong.
create table environment_health (
  environment text collate "C" primary key,
  outage_since timestamptz,
  message text,
  -- What kind of trouble: silence, throttling, credentials, …
  kind text,
  checked_at timestamptz not null
);

-- Who holds what, until when by the clock of this database.
create table leases (
  name text collate "C" primary key,
  holder uuid not null,
  until timestamptz not null,
  -- Grows with every new holder.
  epoch bigint not null
);

-- The calls all replicas together may make to a GameLift.
create table call_budgets (
  environment text collate "C" primary key,
  rate double precision not null,
  -- Less than `rate` after throttling, growing back.
  allowed_rate double precision not null,
  tokens double precision not null,
  at timestamptz not null,
  throttled_at timestamptz,
  minute timestamptz not null,
  used_minute int not null default 0
);

create table replicas (
  id uuid primary key,
  host text not null,
  build_id text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
