/** Whether the demo traffic of the local environment runs: one row, so that it outlives a restart. */
import type { Queryable } from '#lib/db/pool.ts'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { LIVE_CHANNEL } from '#lib/tickets/notify.ts'

export interface DemoSwitch {
  running: boolean
  /** null until somebody has switched it. */
  changedAt: Date | null
}

/** On until somebody switches it off. */
export async function readDemoSwitch(db: Queryable): Promise<DemoSwitch> {
  const { rows } = await db.query<{ running: boolean; changed_at: Date }>('select running, changed_at from demo_switch')
  const row = rows[0]
  return row ? { running: row.running, changedAt: row.changed_at } : { running: true, changedAt: null }
}

/** Commits the switch and tells every open page, in one statement. */
export async function moveDemoSwitch(db: Queryable, running: boolean, by: string, now: Date): Promise<void> {
  await db.query(
    `with moved as (
       insert into demo_switch (running, changed_at, changed_by) values ($1, $2, $3)
       on conflict (only_row) do update
         set running = excluded.running, changed_at = excluded.changed_at, changed_by = excluded.changed_by
       returning 1
     )
     select pg_notify($4, $5) from moved`,
    [running, now, by, LIVE_CHANNEL, JSON.stringify({ environment: DEFAULT_ENVIRONMENT, demo: true })],
  )
}
