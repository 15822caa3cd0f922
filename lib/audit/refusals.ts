/**
 * Refusals that no click stands behind: pages and routes. What a person was refused is a row of the trail; what nobody
 * known was refused is counted only, so that whoever likes cannot fill the table.
 */
import { randomUUID } from 'node:crypto'
import type { Action } from '#lib/access/roles.ts'
import type { Person } from '#lib/access/sessions.ts'
import type { Queryable } from '#lib/db/pool.ts'
import { type Environment, effectiveProtection } from '#lib/environments/environment.ts'
import type { ErrorCode } from '#lib/flexmatch/result.ts'
import { recordEvent } from './record-event.ts'

export type RefusedKind = 'page' | 'route' | 'action' | 'sign-in'

export interface Denial {
  person: Person
  kind: RefusedKind
  action: Action
  environment: Environment
  /** The address, where one is known. */
  target: string | null
  message: string
  requestId?: string
}

/** A person who is refused more often than this in a minute is counted from then on. */
export const ROWS_PER_MINUTE = 60
const MINUTE_MS = 60_000

// Pages, routes and actions are bundled apart, and what they count belongs together.
const KEY = Symbol.for('matchdesk.refusals')
interface Counted {
  /** By person: how many rows in the minute that began then. */
  written: Map<string, { since: number; rows: number }>
  /** By kind and code: how many were not written to the table yet. */
  refused: Map<string, number>
}
function counted(): Counted {
  const holder = globalThis as { [KEY]?: Counted }
  holder[KEY] ??= { written: new Map(), refused: new Map() }
  return holder[KEY]
}

/** One row for one denial, or one more in the count where this person has had many. Never throws for being over. */
export async function recordDenial(db: Queryable, denial: Denial, now: Date): Promise<void> {
  if (!mayWrite(denial.person.personId, now.getTime())) return countRefusal(denial.kind, 'FORBIDDEN')
  const { person, action, environment, target, message } = denial
  await recordEvent(
    db,
    {
      ...{ person, action, target },
      ...{ environment: environment.name, protection: effectiveProtection(environment) },
      input: { asked: denial.kind },
      requestId: denial.requestId ?? randomUUID(),
      ...{ outcome: 'denied', code: 'FORBIDDEN', message },
    },
    now,
  )
}

function mayWrite(personId: string, now: number): boolean {
  const { written } = counted()
  const before = written.get(personId)
  const entry = before && now - before.since < MINUTE_MS ? before : { since: now, rows: 0 }
  if (entry.rows >= ROWS_PER_MINUTE) return false
  entry.rows++
  written.set(personId, entry)
  if (written.size > 10_000) written.delete(written.keys().next().value ?? '')
  return true
}

/** Kept in memory until `flushRefusals`: a flood costs the database nothing. */
export function countRefusal(kind: RefusedKind, code: ErrorCode): void {
  const { refused } = counted()
  const name = `${kind} ${code}`
  refused.set(name, (refused.get(name) ?? 0) + 1)
}

/** Adds what was counted to the row of this hour. What cannot be written stays counted. */
export async function flushRefusals(db: Queryable, now: Date): Promise<void> {
  const { refused } = counted()
  for (const [name, count] of [...refused].sort()) {
    const [kind, code] = name.split(' ')
    await db.query(
      `insert into refusals (hour, kind, code, refused) values (date_trunc('hour', $1::timestamptz), $2, $3, $4)
       on conflict (hour, kind, code) do update set refused = refusals.refused + excluded.refused`,
      [now, kind, code, count],
    )
    const left = (refused.get(name) ?? 0) - count
    if (left > 0) refused.set(name, left)
    else refused.delete(name)
  }
}

const FLUSH_EVERY_MS = 10_000

export function startFlushingRefusals(db: Queryable, onProblem: (error: unknown) => void): { stop(): Promise<void> } {
  const timer = setInterval(() => void flushRefusals(db, new Date()).catch(onProblem), FLUSH_EVERY_MS)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await flushRefusals(db, new Date()).catch(onProblem)
    },
  }
}

/** How often nobody known was refused since then. */
export async function countRefused(db: Queryable, since: Date): Promise<number> {
  const { rows } = await db.query<{ refused: number | null }>(
    'select sum(refused)::float8 as refused from refusals where hour >= $1',
    [since],
  )
  return rows[0]?.refused ?? 0
}
