/** The brakes above the role table: everything read-only, or one action stopped. A row is a brake that is on. */
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { tellOfEnvironments } from '#lib/tickets/notify.ts'
import { type Action, rowOf } from './role-table.ts'
import { mayBeStopped, READ_ONLY, type SwitchName } from './switch-names.ts'

export type { SwitchName } from './switch-names.ts'

export interface SwitchOn {
  name: SwitchName
  since: Date
  /** Who turned it on. */
  by: string
  reason: string | null
  /** Set when Matchdesk was started: no screen turns it off. */
  fixed: boolean
}

/** As pages know it: times are ISO text. */
export type SwitchView = Omit<SwitchOn, 'since'> & { since: string }
export function viewOfSwitch(on: SwitchOn): SwitchView {
  return { ...on, since: on.since.toISOString() }
}

export interface Switches {
  /** Those that are on. Throws while that cannot be read: then nothing may be written either. */
  on(): Promise<readonly SwitchOn[]>
  /** Forgets what was read: somebody has moved one. */
  changed(): void
}

/** How long a move by another process may go unnoticed when the hint of it is lost. */
const KEEP_MS = 2_000

/** The switch that stops this action now; null when none does. What hands out data goes on while all is read-only. */
export function stoppedBy(action: Action, on: readonly SwitchOn[]): SwitchOn | null {
  if (!mayBeStopped(action)) return null
  const changes = rowOf(action)?.kind !== 'tell'
  return on.find(({ name }) => name === action || (name === READ_ONLY && changes)) ?? null
}

/** For a disabled control, and for whoever asks all the same. */
export function stoppedSentence(action: Action, { name, by, reason, fixed }: SwitchOn): string {
  const what = name === READ_ONLY ? 'Matchdesk is read-only' : `Nobody can ${rowOf(action)?.spoken ?? action} now`
  if (fixed) return `${what}: it was started with MATCHDESK_READ_ONLY=1.`
  return `${what}: ${by} has switched it so${reason === null ? '' : ` (${reason})`}. Can end it: admin.`
}

/** What was read is kept for 2 s, or until `changed`. `now` tells ms. */
export function createSwitches(
  db: Queryable,
  { readOnly = false, startedAt = new Date(), now = () => performance.now() } = {},
): Switches {
  const fixed: SwitchOn[] = readOnly
    ? [{ name: READ_ONLY, since: startedAt, by: 'MATCHDESK_READ_ONLY', reason: null, fixed: true }]
    : []
  let kept: { until: number; on: Promise<readonly SwitchOn[]> } | null = null
  return {
    on() {
      if (kept && now() < kept.until) return kept.on
      const reading = { until: now() + KEEP_MS, on: readSwitches(db).then((on) => [...fixed, ...on]) }
      reading.on.catch(() => {
        if (kept === reading) kept = null
      })
      kept = reading
      return reading.on
    },
    changed() {
      kept = null
    },
  }
}

async function readSwitches(db: Queryable): Promise<SwitchOn[]> {
  const { rows } = await db.query<SwitchOn>(
    `select name, turned_on_at as since, turned_on_by as by, reason, false as fixed from switches order by name`,
  )
  return rows
}

/** Turns a switch on or off and tells every replica and page. Throws REFUSED when it stands so already. */
export async function moveSwitch(
  db: Db,
  name: SwitchName,
  on: boolean,
  { by, reason, now }: { by: string; reason: string | null; now: Date },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rowCount } = on
      ? await tx.query(
          `insert into switches (name, turned_on_at, turned_on_by, reason) values ($1, $2, $3, $4)
           on conflict (name) do nothing`,
          [name, now, by, reason],
        )
      : await tx.query('delete from switches where name = $1', [name])
    if (rowCount === 0) throw new AppError('REFUSED', `It is switched ${on ? 'on' : 'off'} already.`)
    await tellOfEnvironments(tx)
  })
}
