-- A ticket index as it is after a month, made where it will be read. The same number of rows gives the same tickets; only
-- their times go with `ends_at`. Two tickets at a time are one story: matched with each other, or each ended alone.

create schema seed;

-- From 0 up to 1, the same for the same `n` and `salt`.
create function seed.share(n bigint, salt bigint) returns float8 language sql immutable parallel safe as
  $$ select (hashint8extended(n, salt) & 2147483647) / 2147483648.0::float8 $$;
create function seed.at(ms bigint) returns timestamptz language sql immutable parallel safe as
  $$ select 'epoch'::timestamptz + ms * interval '1 millisecond' $$;
create function seed.iso(ms bigint) returns text language sql stable parallel safe as
  $$ select to_char(seed.at(ms) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
create function seed.uuid(of text) returns text language sql immutable parallel safe as
  $$ select md5(of)::uuid::text $$;
-- As long as the key of an event.
create function seed.key(of text) returns text language sql immutable parallel safe as
  $$ select translate(left(encode(decode(md5(of), 'hex'), 'base64'), 22), '+/', '-_') $$;
create function seed.player_id(n bigint) returns text language sql immutable parallel safe as
  $$ select left(md5('player ' || n), 12) $$;

create unlogged table seed.drafts (
  n bigint, pair bigint, first boolean, ticket_id text, configuration text, kind text, fate text,
  player_ids text[], started bigint, matched boolean, accepts boolean, match_id text, proposed bigint, ended bigint,
  session_arn text, with_facts boolean);

-- The tickets `first_n` to `last_n` of `all_n`, as drafts. `every`: of one pair in so many the facts are kept too.
-- Of 400 tickets 399 are over, spread evenly over `days` days; the others wait, since at most three minutes.
create function seed.draft(first_n bigint, last_n bigint, all_n bigint, ends_at bigint, days int, every int)
returns void language sql as $$
  truncate seed.drafts;
  with given as (
    select n, (n + 1) / 2 as pair, n % 2 = 1 as first, all_n - all_n / 400 as over
    from generate_series(first_n, last_n) as n),
  told as (
    select given.*, pair * 2 > over as open,
      -- Few configurations have most of the tickets, few players play most.
      floor(12 * power(seed.share(pair, 1), 2))::int as configuration_no,
      seed.share(pair, 2) as fate_at,
      case when not first or seed.share(n, 3) >= 0.02 then 'new'
        when seed.share(n, 3) < 0.01 then 'backfill' else 'auto-backfill' end as kind,
      case when seed.share(n, 4) < 0.8 then 1 else 2 + floor((seed.share(n, 4) - 0.8) * 20)::int end as player_count,
      floor(all_n / 4 * power(seed.share(n, 5), 2))::bigint as player_no,
      2500 + least(150000, floor(-25000 * ln(1 - seed.share(pair, 6))))::bigint as waited,
      case when pair * 2 > over
        then ends_at - 170000 + (n - over) * 150000 / (all_n - over)
        else ends_at - days * 86400000::bigint + (n * (days * 86400000.0 - 200000) / over)::bigint end as started
    from given),
  fated as (
    select told.*, configuration_no % 2 = 1 as accepts,
      case when open then
          case when fate_at < 0.7 then 'SEARCHING' when fate_at < 0.95 then 'in match' else 'QUEUED' end
        when fate_at < 0.7 then 'COMPLETED' when fate_at < 0.71 then 'FAILED' when fate_at < 0.86 then 'CANCELLED'
        when fate_at < 0.995 then 'TIMED_OUT' else 'GONE' end as fate
    from told),
  timed as (
    select fated.*, fate in ('COMPLETED', 'FAILED', 'in match') as matched,
      max(started) over (partition by pair) as last_started
    from fated)
  insert into seed.drafts
  select n, pair, first, seed.uuid('ticket ' || n),
    (array['arena-ranked', 'arena-casual', 'royale-solo', 'royale-squad', 'duel', 'raid-5', 'raid-10', 'race', 'coop-2',
      'coop-4', 'tournament', 'sandbox'])[1 + configuration_no],
    kind, case when fate <> 'in match' then fate when accepts and fate_at < 0.85 then 'REQUIRES_ACCEPTANCE'
      else 'PLACING' end,
    array(select seed.player_id(player_no + i) from generate_series(0, player_count - 1) as i),
    started, matched, accepts, case when matched then seed.uuid('match ' || pair) end,
    case when matched then last_started + case when open then 2500 else waited end end,
    case when fate in ('COMPLETED', 'FAILED') then last_started + waited + 8000
      when fate = 'CANCELLED' then started + waited
      when fate = 'TIMED_OUT' then started + 180000 when fate = 'GONE' then started + 181000 end,
    case when fate = 'COMPLETED' then
      'arn:aws:gamelift:eu-central-1::gamesession/fleet-41093f47-3d6a-4f35-9ffd-9d8d88e130a2/' || seed.uuid('session ' || pair) end,
    open or pair % every = 0
  from timed
$$;

create function seed.save_tickets(env text) returns void language sql as $$
  insert into tickets (environment, ticket_id, configuration, kind, status, presumed, cause, status_reason,
    status_message, match_id, acceptance_deadline, players, player_count, game_session_arn, ip_address, dns_name, port,
    estimated_wait_seconds, started_at, ended_at, updated_at, described, last_event_at, proposal, first_fact_at,
    newest_fact_at, tied, confirmed_at, confirmed_source, describe_due_at)
  select env, ticket_id, configuration, kind, fate, false,
    case fate when 'COMPLETED' then 'matched' when 'FAILED' then 'placement-failed' when 'CANCELLED' then 'stopped'
      when 'TIMED_OUT' then 'request-timed-out' when 'GONE' then 'gone' when 'REQUIRES_ACCEPTANCE' then 'proposed'
      when 'PLACING' then case when accepts then 'accepted' else 'matched' end else 'started' end,
    case fate when 'FAILED' then 'UNEXPECTED_ERROR' when 'CANCELLED' then 'Cancelled' when 'TIMED_OUT' then 'TimedOut' end,
    case fate when 'FAILED' then 'An unexpected error was encountered during match placing.'
      when 'CANCELLED' then 'Cancelled by request.'
      when 'TIMED_OUT' then 'Removed from matchmaking due to timing out.' end,
    match_id, case when fate = 'REQUIRES_ACCEPTANCE' then seed.at(proposed + 30000) end,
    players, cardinality(player_ids), session_arn, case when session_arn is not null then '203.0.113.5' end,
    null, case when session_arn is not null then 4192 end, 37, seed.at(started),
    case when fate <> 'GONE' then seed.at(ended) end, seed.at(newest), true,
    case when fate = 'QUEUED' then null
      when fate in ('SEARCHING', 'GONE') then seed.at(started + 100) else seed.at(newest) end,
    case when matched then jsonb_build_object('matchId', match_id, 'rejected', false, 'dropped', false) end,
    seed.at(case when fate = 'QUEUED' then started + 1000 else started + 100 end), seed.at(newest), false,
    seed.at(newest), case when fate in ('SEARCHING', 'QUEUED', 'GONE') then 'describe' else 'event' end,
    case when ended is null then seed.at(newest + 30000) end
  from seed.drafts d cross join lateral (
    select coalesce(ended, case when fate = 'PLACING' and accepts then proposed + 5200 when matched then proposed
      else started + 1000 end) as newest) as t
  cross join lateral (
    select jsonb_agg(jsonb_build_object('playerId', player_id, 'team',
      case when matched then case when first then 'blue' else 'red' end end,
      'answer', case when answered then 'accepted' end,
      'answeredAt', case when answered then proposed + case when first then 3000 else 5000 end end,
      'playerSessionId', null, 'attributes', jsonb_build_object('skill', jsonb_build_object('N', 10 + n % 90)),
      'latencyMs', jsonb_build_object('eu-central-1', 20 + n % 70, 'us-east-1', 90 + n % 50)) order by i) as players
    from unnest(player_ids) with ordinality as p (player_id, i),
      (select matched and accepts and kind = 'new' and fate <> 'REQUIRES_ACCEPTANCE' as answered) as a) as p;

  insert into ticket_players (environment, ticket_id, position, player_id, started_at)
  select env, ticket_id, i - 1, player_id, seed.at(started)
  from seed.drafts, unnest(player_ids) with ordinality as p (player_id, i);

  insert into counters as known (environment, configuration, status, kind, count)
  select env, configuration, fate, kind, count(*) from seed.drafts group by 1, 2, 3, 4
  on conflict (environment, configuration, status, kind) do update set count = known.count + excluded.count;

  insert into matches (environment, match_id, configuration, status, ticket_count, player_count, created_at, updated_at,
    acceptance_deadline, game_session_arn)
  select env, match_id, min(configuration),
    case min(fate) when 'COMPLETED' then 'completed' when 'FAILED' then 'failed' when 'PLACING' then 'placing'
      else 'proposed' end,
    2, sum(cardinality(player_ids)), seed.at(min(proposed)),
    seed.at(coalesce(min(ended), min(proposed) + case when min(fate) = 'PLACING' and bool_or(accepts) then 5200 else 0 end)),
    case when bool_or(accepts) then seed.at(min(proposed) + 30000) end, min(session_arn)
  from seed.drafts where matched group by match_id;

  insert into game_sessions (environment, game_session_arn, configuration, match_id, player_count, created_at, updated_at)
  select env, session_arn, min(configuration), min(match_id), sum(cardinality(player_ids)), seed.at(min(ended)),
    seed.at(min(ended))
  from seed.drafts where session_arn is not null group by session_arn
$$;

create function seed.save_rollups(env text, width interval, into_table regclass) returns void language plpgsql as $$
begin
  execute format('insert into %s as known (environment, bucket, configuration, measure, count, sum_ms)
    select $1, date_bin($2, seed.at(ms), ''epoch''), configuration, measure, count(*), sum(took) from (
      select started as ms, configuration, ''started'' as measure, 0 as took from seed.drafts
      union all
      select ended, configuration, fate, ended - started from seed.drafts where ended is not null and fate <> ''GONE'') as t
    group by 2, 3, 4
    on conflict (environment, bucket, configuration, measure) do update
      set count = known.count + excluded.count, sum_ms = known.sum_ms + excluded.sum_ms', into_table) using env, width;
end $$;

create function seed.ticket_in_event(ticket_id text, started bigint, players text) returns text language sql stable as $$
  select format('{"ticketId":"%s","startTime":"%s","players":[%s]}', ticket_id, seed.iso(started), players)
$$;

-- What was heard of the drafts with facts: events as SQS brought them, and what was described.
create function seed.save_facts(env text) returns void language sql as $$
  with said as materialized (
    -- The players as events name them: before a match, in it, and once they have accepted it.
    select d.*, p.* from seed.drafts d cross join lateral (
      select string_agg(format('{"playerId":"%s"}', player_id), ',' order by i) as plain,
        string_agg(format('{"playerId":"%s","team":"%s"}', player_id, team), ',' order by i) as teamed,
        string_agg(format('{"playerId":"%s","team":"%s"%s}', player_id, team,
          case when kind = 'new' then ',"accepted":true' end), ',' order by i) as accepted
      from unnest(player_ids) with ordinality as p (player_id, i),
        (select case when first then 'blue' else 'red' end as team) as t) as p
    where with_facts),
  matches as materialized (
    select match_id, min(configuration) as configuration, min(fate) as fate, bool_or(accepts) as accepts,
      bool_or(first and kind <> 'new') as fills, min(proposed) as proposed, min(ended) as ended, min(session_arn) as arn,
      array_agg(ticket_id order by n) as ticket_ids,
      string_agg(seed.ticket_in_event(ticket_id, started, teamed), ',' order by n) as tickets,
      string_agg(seed.ticket_in_event(ticket_id, started, case when first then accepted else teamed end), ',' order by n)
        as answered_once,
      string_agg(seed.ticket_in_event(ticket_id, started, accepted), ',' order by n) as answered,
      string_agg(teamed, ',' order by n) as players
    from said where matched group by match_id),
  events as (
    select 'MatchmakingSearching' as type, started + 100 as ms, configuration, null as match_id, null as arn,
      array[ticket_id] as ticket_ids, seed.ticket_in_event(ticket_id, started, plain) as tickets, plain as players,
      '"estimatedWaitMillis":37' as more
    from said where fate <> 'QUEUED'
    union all
    select case fate when 'CANCELLED' then 'MatchmakingCancelled' else 'MatchmakingTimedOut' end, ended, configuration,
      null, null, array[ticket_id], seed.ticket_in_event(ticket_id, started, plain), plain,
      case fate when 'CANCELLED' then '"reason":"Cancelled","message":"Cancelled by request."'
        else '"reason":"TimedOut","message":"Removed from matchmaking due to timing out."' end
    from said where fate in ('CANCELLED', 'TIMED_OUT')
    union all
    select 'PotentialMatchCreated', proposed, configuration, match_id, null, ticket_ids, tickets, players,
      format('"acceptanceRequired":%s,"acceptanceTimeout":30,"ruleEvaluationMetrics":[{"ruleName":"Close","passedCount":4,"failedCount":1}]',
        accepts::text) from matches
    union all
    select 'AcceptMatch', proposed + 3000, configuration, match_id, null, ticket_ids, answered_once, players, null
    from matches where accepts and not fills and fate <> 'REQUIRES_ACCEPTANCE'
    union all
    select 'AcceptMatch', proposed + 5000, configuration, match_id, null, ticket_ids, answered, players, null
    from matches where accepts and fate <> 'REQUIRES_ACCEPTANCE'
    union all
    select 'AcceptMatchCompleted', proposed + 5200, configuration, match_id, null, ticket_ids, tickets, players,
      '"acceptance":"Accepted"'
    from matches where accepts and fate <> 'REQUIRES_ACCEPTANCE'
    union all
    select case fate when 'COMPLETED' then 'MatchmakingSucceeded' else 'MatchmakingFailed' end, ended, configuration,
      match_id, arn, ticket_ids, tickets, players,
      case fate when 'FAILED' then
        '"reason":"UNEXPECTED_ERROR","message":"An unexpected error was encountered during match placing."' end
    from matches where ended is not null),
  observed as (
    select 'describe' as source, 'TicketDescribed' as type, started + 1000 as ms, configuration, ticket_id,
      jsonb_build_object('ticketId', ticket_id, 'status', case fate when 'QUEUED' then fate else 'SEARCHING' end,
        'statusReason', null, 'statusMessage', null, 'kind', kind, 'startTime', started, 'endTime', null,
        'estimatedWaitSeconds', 37, 'gameSessionArn', null, 'ipAddress', null, 'dnsName', null, 'port', null,
        'players', (select jsonb_agg(jsonb_build_object('playerId', player_id, 'team', null, 'playerSessionId', null,
          'attributes', jsonb_build_object('skill', jsonb_build_object('N', 10 + n % 90)),
          'latencyMs', jsonb_build_object('eu-central-1', 20 + n % 70, 'us-east-1', 90 + n % 50)) order by i)
          from unnest(player_ids) with ordinality as p (player_id, i))) as body
    from said
    union all
    select 'gone', 'TicketGone', ended, '', ticket_id, jsonb_build_object('ticketId', ticket_id)
    from said where fate = 'GONE'),
  facts_made as materialized (
    select seed.key(type || ms || ticket_ids[1]) as id, 'event' as source, type, ms, configuration, match_id, arn,
      jsonb_build_array(jsonb_build_object('channel', 'sqs', 'id', seed.uuid(type || ms || ticket_ids[1]), 'at', ms,
        'receivedAt', ms + 300)) as copies,
      format('{"version":"0","id":"%s","detail-type":"GameLift Matchmaking Event","source":"aws.gamelift",'
        '"account":"111122223333","time":"%s","region":"eu-central-1",'
        '"resources":["arn:aws:gamelift:eu-central-1:111122223333:matchmakingconfiguration/%s"],"detail":{"type":"%s",'
        '"tickets":[%s]%s%s,"gameSessionInfo":{"players":[%s]%s},"customEventData":"ladder=ranked"}}',
        seed.uuid(type || ms || ticket_ids[1]), seed.iso(ms), configuration, type, tickets, ',' || more,
        case when match_id is not null then format(',"matchId":"%s"', match_id) end, players,
        case when arn is not null then format(',"gameSessionArn":"%s","ipAddress":"203.0.113.5","port":4192', arn) end
      )::jsonb as body, ticket_ids
    from events
    union all
    select seed.key(type || ms || ticket_id), source, type, ms, configuration, null, null, '[]', body, array[ticket_id]
    from observed),
  stored as (
    insert into facts (environment, id, day, source, type, at, received_at, configuration, match_id, game_session_arn,
      copies, body)
    select env, id, (seed.at(ms) at time zone 'UTC')::date, source, type, seed.at(ms), seed.at(ms + 300), configuration,
      match_id, arn, copies, body
    from facts_made)
  insert into fact_tickets (environment, ticket_id, fact_id, day, type, at)
  select env, ticket_id, id, (seed.at(ms) at time zone 'UTC')::date, type, seed.at(ms)
  from facts_made, unnest(ticket_ids) as ticket_id
$$;

-- Keys and indexes of what is many are written once the rows are there.
create table seed.written_last as
  select conrelid::regclass as on_table, format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
  from pg_constraint
  where contype = 'p' and conrelid in ('tickets'::regclass, 'ticket_players'::regclass, 'matches'::regclass, 'game_sessions'::regclass)
  union all
  select format('%I', tablename)::regclass, format('drop index %I', indexname), indexdef from pg_indexes
  where tablename in ('tickets', 'ticket_players', 'matches', 'game_sessions') and schemaname = 'public'
    and indexname not like '%_pkey';
do $$ declare one text; begin
  for one in select drop from seed.written_last loop execute one; end loop;
end $$;
