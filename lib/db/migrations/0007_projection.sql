-- What a ticket is gone on from without its history, and what is counted while events come in.

alter table tickets
  -- The proposed match it is in, as the reducer keeps it; null when there is none.
  add column proposal jsonb,
  -- Its facts lie between these two: what is older or newer need not be looked through.
  add column first_fact_at timestamptz,
  add column newest_fact_at timestamptz,
  -- Whether only its whole history can tell how it goes on. So it is for all that was stored before, until read once.
  add column tied boolean not null default true;

-- What each channel delivered, by the minute of arrival.
create table channel_minutes (
  environment text collate "C" not null,
  channel text not null,
  minute timestamptz not null,
  received int not null default 0,
  -- First copies; the same message again; the same event by another channel; after a newer event of the same ticket.
  added int not null default 0,
  repeated int not null default 0,
  copies int not null default 0,
  late int not null default 0,
  ignored int not null default 0,
  refused int not null default 0,
  -- From the time of the event to its arrival. Bucket n (from 1) counts lags below 2^n * 16 ms, the last one all above.
  lag_ms_sum bigint not null default 0,
  lag_buckets int[] not null default array_fill(0, array[16]),
  last_event_at timestamptz,
  primary key (environment, minute, channel)
);

-- What must have happened, by FlexMatch's own grammar, and was not delivered. A row goes when the event comes late.
create table gaps (
  environment text collate "C" not null,
  -- type|match id where it is about a match, so that it counts once; type|ticket id|… otherwise.
  gap_key text collate "C" not null,
  ticket_id text collate "C" not null,
  type text not null,
  found_at timestamptz not null,
  primary key (environment, gap_key, ticket_id)
);
-- What is missing of this ticket?
create index gaps_of_ticket on gaps (environment, ticket_id);
-- What was found missing lately?
create index gaps_found on gaps (environment, found_at);

-- Counts and sums of tickets by minute, maintained with them. The bucket before the configuration: a chart is one range.
create table rollups (
  environment text collate "C" not null,
  bucket timestamptz not null,
  configuration text collate "C" not null,
  -- started, ended in a status, …; `sum_ms` of those that are times, such as the wait of completed tickets.
  measure text not null,
  count bigint not null default 0,
  sum_ms bigint not null default 0,
  primary key (environment, bucket, configuration, measure)
);
-- The same by quarter of an hour, for a day and longer.
create table rollups_15 (like rollups including all);
