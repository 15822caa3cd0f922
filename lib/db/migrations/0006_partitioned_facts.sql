-- Facts by day, so that a day whose retention is over is dropped and not deleted row by row; and an event is its
-- content, not the id of the envelope that brought it: each channel makes envelopes of its own.

alter table facts rename to facts_before;
alter table fact_tickets rename to fact_tickets_before;
alter table placements rename to placements_before;
alter index facts_pkey rename to facts_before_pkey;
alter index facts_of_match rename to facts_before_of_match;
alter index facts_of_session rename to facts_before_of_session;
alter index fact_tickets_pkey rename to fact_tickets_before_pkey;
alter index placements_pkey rename to placements_before_pkey;
alter index placements_of_match rename to placements_before_of_match;

create table facts (
  environment text collate "C" not null,
  -- Of an event the key of its content (lib/flexmatch/event-key.ts), with .1, .2, … where one channel brought the same
  -- content in several envelopes; of an observation a hash of what was seen.
  id text collate "C" not null,
  -- The UTC day of `at`. A repeated event has the same second, so the same day: the key holds across partitions.
  day date not null,
  source text not null check (source in ('event', 'describe', 'gone', 'overdue')),
  -- detail.type of an event, TicketDescribed, TicketGone or TicketOverdue.
  type text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  configuration text collate "C" not null,
  match_id text collate "C",
  game_session_arn text collate "C",
  -- Of an event, each envelope that brought it: [{"channel","id","at","receivedAt"}], times in epoch ms.
  copies jsonb not null default '[]',
  -- The envelope that came first, the observation, or what else the fact says.
  body jsonb not null,
  primary key (environment, id, day)
) partition by range (day);
-- What happened to this match, and what came with it?
create index facts_of_match on facts (environment, match_id, at) where match_id is not null;
-- Which matches were placed in this game session?
create index facts_of_session on facts (environment, game_session_arn, at) where game_session_arn is not null;

-- One event names every ticket of its match. Type and time are repeated so that matches can ask without the body.
create table fact_tickets (
  environment text collate "C" not null,
  ticket_id text collate "C" not null,
  fact_id text collate "C" not null,
  day date not null,
  type text not null,
  at timestamptz not null,
  -- What is the history of this ticket?
  primary key (environment, ticket_id, fact_id, day)
) partition by range (day);

-- What queues said about placements; placement_id is the match id where FlexMatch asked.
create table placements (
  environment text collate "C" not null,
  id text collate "C" not null,
  day date not null,
  placement_id text collate "C" not null,
  type text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  queue text collate "C" not null,
  copies jsonb not null default '[]',
  body jsonb not null,
  primary key (environment, id, day)
) partition by range (day);
-- What did the queue say about this match?
create index placements_of_match on placements (environment, placement_id, at);

-- Takes what a broken clock dates, and what comes for a day that nobody has made a partition for yet.
create table facts_default partition of facts default;
create table fact_tickets_default partition of fact_tickets default;
create table placements_default partition of placements default;

-- Makes the partitions of `days` days from `first` on, where they are not there yet; what the default partition held of
-- them moves over. Returns how many days were new. One at a time: several replicas may ask for the same.
create function make_partitions(first date, days int) returns int language plpgsql as $$
declare
  made int := 0;
  one date;
  parent text;
  name text;
begin
  perform pg_advisory_xact_lock(7310002);
  for one in select first + n from generate_series(0, days - 1) as n loop
    continue when to_regclass(format('facts_%s', to_char(one, 'YYYYMMDD'))) is not null;
    foreach parent in array array['facts', 'fact_tickets', 'placements'] loop
      name := format('%s_%s', parent, to_char(one, 'YYYYMMDD'));
      execute format('create table %I (like %I including defaults including constraints)', name, parent);
      execute format('with moved as (delete from %I where day = $1 returning *) insert into %I select * from moved',
        parent || '_default', name) using one;
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, one, one + 1);
    end loop;
    made := made + 1;
  end loop;
  return made;
end $$;

-- A partition for each recent day that has facts, and for the next ones; what is older stays in the default partition.
do $$
declare
  today date := (now() at time zone 'UTC')::date;
  one date;
begin
  for one in
    select distinct day from (
      select (at at time zone 'UTC')::date as day from facts_before
      union select (at at time zone 'UTC')::date from placements_before) as days
    where day between today - 40 and today + 3
  loop
    perform make_partitions(one, 1);
  end loop;
  perform make_partitions(today - 1, 5);
end $$;

-- The key of an event's content, as lib/flexmatch/event-key.ts writes it; a test compares both.
create function pg_temp.event_key(envelope jsonb, at timestamptz) returns text language sql as $$
  select translate(rtrim(encode(decode(md5(concat_ws(E'\n',
    detail ->> 'type',
    floor(extract(epoch from at))::bigint,
    regexp_replace(coalesce(envelope #>> '{resources,0}', ''), '^.*/', ''),
    case when detail ? 'placementId' then '' else coalesce((
      select string_agg(t ->> 'ticketId', ',' order by (t ->> 'ticketId') collate "C")
      from jsonb_array_elements(detail -> 'tickets') as t), '') end,
    coalesce(detail ->> 'placementId', detail ->> 'matchId', ''),
    case when detail ->> 'type' = 'AcceptMatchCompleted' then coalesce(detail ->> 'acceptance', '') else '' end,
    case when detail ->> 'type' = 'MatchmakingSearching' then coalesce((
      select trunc(n)::text from (select case when jsonb_typeof(detail -> 'estimatedWaitMillis') = 'number'
        then (detail ->> 'estimatedWaitMillis')::numeric end as n) as given
      where n = trunc(n) and n >= 0 and n < 1e15), '') else '' end,
    case when detail ->> 'type' = 'AcceptMatch' then coalesce((
      select string_agg(answer, ',' order by answer collate "C") from (
        select (t ->> 'ticketId') || '/' || (p ->> 'playerId') || '/' ||
          case when p ->> 'accepted' = 'true' then 'yes' else 'no' end as answer
        from jsonb_array_elements(detail -> 'tickets') as t, jsonb_array_elements(t -> 'players') as p
        where p ? 'accepted') as answers), '') else '' end)), 'hex'), 'base64'), '='), '+/', '-_')
  from (select envelope -> 'detail' as detail) as given
$$;

create function pg_temp.copies_of(envelope_id text, at timestamptz, received_at timestamptz) returns jsonb language sql as $$
  select jsonb_build_array(jsonb_build_object('channel', 'webhook', 'id', envelope_id,
    'at', (extract(epoch from at) * 1000)::bigint, 'receivedAt', (extract(epoch from received_at) * 1000)::bigint))
$$;

-- Until now only the webhook brought events, each under the id of its envelope.
create temporary table keyed on commit drop as
  select environment, old_id, kind,
    key || case when again = 0 then '' else '.' || again end as id,
    day
  from (
    select *, row_number() over (partition by environment, kind, key order by at, old_id collate "C") - 1 as again
    from (
      select environment, 'fact' as kind, id as old_id, at, (at at time zone 'UTC')::date as day,
        case when source = 'event' then pg_temp.event_key(body, at) else id end as key
      from facts_before
      union all
      select environment, 'placement', id, at, (at at time zone 'UTC')::date, pg_temp.event_key(body, at)
      from placements_before) as given) as counted;
create index on keyed (environment, old_id, kind);
analyze keyed;

insert into facts (environment, id, day, source, type, at, received_at, configuration, match_id, game_session_arn,
    copies, body)
  select f.environment, k.id, k.day, f.source, f.type, f.at, f.received_at, f.configuration, f.match_id,
    f.game_session_arn,
    case when f.source = 'event' then pg_temp.copies_of(f.id, f.at, f.received_at) else '[]' end, f.body
  from facts_before f join keyed k on k.environment = f.environment and k.old_id = f.id and k.kind = 'fact';
insert into fact_tickets (environment, ticket_id, fact_id, day, type, at)
  select t.environment, t.ticket_id, k.id, k.day, t.type, t.at
  from fact_tickets_before t join keyed k on k.environment = t.environment and k.old_id = t.fact_id and k.kind = 'fact';
insert into placements (environment, id, day, placement_id, type, at, received_at, queue, copies, body)
  select p.environment, k.id, k.day, p.placement_id, p.type, p.at, p.received_at, p.queue,
    pg_temp.copies_of(p.id, p.at, p.received_at), p.body
  from placements_before p
  join keyed k on k.environment = p.environment and k.old_id = p.id and k.kind = 'placement';

drop table fact_tickets_before, facts_before, placements_before;
drop function pg_temp.event_key(jsonb, timestamptz), pg_temp.copies_of(text, timestamptz, timestamptz);
