import type { Queryable } from '#lib/db/pool.ts'
import { dayOf } from './fact-rows.ts'
import type { ChannelName } from './views.ts'

/** By which channels copies of these facts came, by the id of the fact; nothing of what no channel brought. */
export async function readChannels(
  db: Queryable,
  environment: string,
  facts: readonly { id: string; time: number }[],
): Promise<Map<string, ChannelName[]>> {
  if (facts.length === 0) return new Map()
  // The days twice: only those that are known before it begins keep it from looking into all the others.
  const { rows } = await db.query<{ id: string; channels: ChannelName[] }>(
    `select given.id, array(
       select distinct copy ->> 'channel' from jsonb_array_elements(stored.copies) as copy order by 1) as channels
     from unnest($2::text[], $3::date[]) as given (id, day)
     cross join lateral (
       select copies from facts where environment = $1 and id = given.id and day = given.day and day = any ($3)
       union all
       select copies from placements where environment = $1 and id = given.id and day = given.day and day = any ($3)) as stored
     where jsonb_array_length(stored.copies) > 0`,
    [environment, facts.map(({ id }) => id), facts.map(({ time }) => dayOf(time))],
  )
  return new Map(rows.map(({ id, channels }) => [id, channels]))
}
