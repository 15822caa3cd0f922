import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { eventKey } from '#lib/flexmatch/event-key.ts'
import type { EventEnvelope } from '#lib/flexmatch/events.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { playedHistory } from '#lib/flexmatch/testing/histories.ts'
import { fixtureEnvelopes } from './testing/arrivals.ts'

const database = testDatabase()

/** What the migration that gives stored events their keys does. */
const IN_SQL = String.raw`
create function event_key(envelope jsonb, at timestamptz) returns text language sql immutable as $$
  select rtrim(translate(encode(decode(md5(concat_ws(E'\n',
      detail ->> 'type',
      floor(extract(epoch from at))::bigint,
      regexp_replace(coalesce(envelope #>> '{resources,0}', ''), '^.*/', ''),
      case when placement then '' else coalesce((
        select string_agg(ticket ->> 'ticketId', ',' order by (ticket ->> 'ticketId') collate "C")
        from jsonb_array_elements(detail -> 'tickets') as ticket), '') end,
      coalesce(detail ->> case when placement then 'placementId' else 'matchId' end, ''),
      case when detail ->> 'type' = 'AcceptMatchCompleted' then detail ->> 'acceptance' else '' end,
      case when detail ->> 'type' = 'MatchmakingSearching' and detail ->> 'estimatedWaitMillis' ~ '^[0-9]{1,15}$'
        then detail ->> 'estimatedWaitMillis' else '' end,
      case when detail ->> 'type' = 'AcceptMatch' then coalesce((
        select string_agg(answer, ',' order by answer collate "C")
        from jsonb_array_elements(detail -> 'tickets') as ticket,
          jsonb_array_elements(ticket -> 'players') as player,
          concat_ws('/', ticket ->> 'ticketId', player ->> 'playerId',
            case (player -> 'accepted')::text when 'true' then 'yes' else 'no' end) as answer
        where jsonb_exists(player, 'accepted')), '') else '' end
    )), 'hex'), 'base64'), '+/', '-_'), '=')
  from (select envelope -> 'detail' as detail, jsonb_exists(envelope -> 'detail', 'placementId') as placement) as e
$$;`

describe('the key of an event in the database', () => {
  it('is the one the door gives', async () => {
    await database.db.query(IN_SQL)
    const played = fc.sample(playedHistory, 50).flatMap(({ events }) => events)
    const strange = ['\u{1f600}', '\uffee', '\u{10fffd}', 'a/b,c', 'a b', 'é'].map((playerId, index) => ({
      playerId,
      accepted: index % 2 === 0,
    }))
    const answered = anEvent('AcceptMatch', { tickets: [aTicket('t.2', strange), aTicket('t-1', strange)] })
    const envelopes = [
      ...fixtureEnvelopes(),
      ...[...played, answered].flatMap((event) => [envelopeOf(event), envelopeOf(event, true)]),
      ...[0, 12, 12.5, -1, 1e15, null, 'NOT_AVAILABLE'].map((estimatedWaitMillis) =>
        envelopeOf(anEvent('MatchmakingSearching', { estimatedWaitMillis, time: 999 })),
      ),
    ] as EventEnvelope[]
    const { rows } = await database.db.query<{ key: string }>(
      `select event_key(body, (body ->> 'time')::timestamptz) as key
       from jsonb_array_elements($1::jsonb) with ordinality as given (body, place) order by place`,
      [JSON.stringify(envelopes)],
    )
    expect(rows.map((row) => row.key)).toEqual(envelopes.map(eventKey))
  })
})
