/** How many tickets are where, kept with the tickets: no page ever counts rows. */
import type { Queryable } from '#lib/db/pool.ts'
import type { StoredTicket } from '#lib/flexmatch/project-further.ts'
import type { Ticket } from '#lib/flexmatch/ticket.ts'

/** Moves each ticket from where it was `known` to where it is. */
export async function saveCounters(
  db: Queryable,
  environment: string,
  tickets: readonly Ticket[],
  known: ReadonlyMap<string, StoredTicket>,
): Promise<void> {
  const deltas = new Map<string, Pick<Ticket, 'configuration' | 'status' | 'kind'> & { delta: number }>()
  const count = ({ configuration, status, kind }: Ticket, by: 1 | -1) => {
    const key = `${configuration} ${status} ${kind}`
    const delta = deltas.get(key)
    if (delta) delta.delta += by
    else deltas.set(key, { configuration, status, kind, delta: by })
  }
  for (const ticket of tickets) {
    const before = known.get(ticket.ticketId)?.ticket
    if (before) count(before, -1)
    count(ticket, 1)
  }
  const changed = [...deltas.values()].filter(({ delta }) => delta !== 0)
  if (changed.length === 0) return
  const { rowCount } = await db.query(
    `insert into counters (environment, configuration, status, kind, count)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
     on conflict (environment, configuration, status, kind) do update set count = counters.count + excluded.count`,
    [
      environment,
      changed.map((row) => row.configuration),
      changed.map((row) => row.status),
      changed.map((row) => row.kind),
      changed.map((row) => row.delta),
    ],
  )
  if (rowCount !== changed.length) throw new Error(`Moved ${rowCount} of ${changed.length} counters of ${environment}.`)
}
