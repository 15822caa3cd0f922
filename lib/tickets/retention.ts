/** How long things are kept: what is older than the retention of its environment goes, with all that follows from it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from '#lib/db/leases.ts'
import { dropDays } from '#lib/db/partitions.ts'
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { lockEnvironment } from './environment-lock.ts'
import { tellOfMany } from './notify.ts'

const DAY_MS = 24 * 60 * 60_000
/** Counts are small, and somebody will want to compare with last year. */
const COUNTS_KEPT_DAYS = 400
/** Whoever brings events waits for a step at most. */
const ROWS_PER_STEP = 5_000
const EVERY_MS = 60 * 60_000
const RETRY_MS = 60_000

type Kept = Pick<Environment, 'name' | 'retentionDays'>

/**
 * What was removed. `now` is epoch ms; stops between two steps when the signal says so. Throws at the end, with everything
 * else removed, where a day could not be dropped because somebody is at its tables for long.
 */
export async function retain(
  db: Db,
  environments: readonly Kept[],
  now: number,
  signal?: AbortSignal,
): Promise<{ droppedDays: number; deleted: number }> {
  const longest = environments.reduce((most, { retentionDays }) => Math.max(most, retentionDays), 0)
  // Only when there is one to ask: an empty list must not mean that nothing is kept.
  const days = longest > 0 ? await dropDays(db, new Date(now - longest * DAY_MS)) : { dropped: 0, refused: null }
  let deleted = 0
  for (const { name, retentionDays } of environments) {
    const before = new Date(now - retentionDays * DAY_MS)
    for (const step of STEPS) {
      for (let last = ROWS_PER_STEP; last === ROWS_PER_STEP && !signal?.aborted; deleted += last) {
        last = await step(db, name, before)
      }
    }
    await forgetCounts(db, name, new Date(now - COUNTS_KEPT_DAYS * DAY_MS))
  }
  if (days.refused) throw days.refused
  return { droppedDays: days.dropped, deleted }
}

/** Tickets that nothing has been heard of since, with their players, their gaps and their place in the counters. */
function forgetTickets(db: Db, environment: string, before: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    await lockEnvironment(tx, environment)
    const { rows } = await tx.query<{ count: number }>(
      `with gone as (
         delete from tickets where environment = $1 and ticket_id in (
           select ticket_id from tickets
           where environment = $1 and started_at < $2 and confirmed_at < $2
             and coalesce(newest_fact_at, updated_at) < $2
           order by started_at, ticket_id limit ${ROWS_PER_STEP})
         returning ticket_id, configuration, status, kind),
       players as (delete from ticket_players p using gone where p.environment = $1 and p.ticket_id = gone.ticket_id),
       missing as (delete from gaps g using gone where g.environment = $1 and g.ticket_id = gone.ticket_id),
       fewer as (select configuration, status, kind, count(*) as count from gone group by 1, 2, 3),
       counted as (
         update counters c set count = c.count - fewer.count from fewer
         where c.environment = $1 and (c.configuration, c.status, c.kind) = (fewer.configuration, fewer.status, fewer.kind))
       select count(*) from gone`,
      [environment, before],
    )
    const count = rows[0]?.count ?? 0
    if (count > 0) await tellOfMany(tx, environment)
    return count
  })
}

function forgetMatches(db: Db, environment: string, before: Date): Promise<number> {
  return remove(db, 'matches', 'match_id', 'updated_at < $2 and created_at < $2', environment, before)
}
function forgetSessions(db: Db, environment: string, before: Date): Promise<number> {
  const old = 'created_at < $2 and updated_at < $2 and coalesce(seen_at, updated_at) < $2'
  return remove(db, 'game_sessions', 'game_session_arn', old, environment, before)
}
function forgetSetAside(db: Db, environment: string, before: Date): Promise<number> {
  return remove(db, 'set_aside', 'id', 'last_at < $2', environment, before)
}

async function remove(db: Db, table: string, key: string, old: string, environment: string, before: Date) {
  const { rowCount } = await db.query(
    `delete from ${table} where environment = $1 and ${key} in (
       select ${key} from ${table} where environment = $1 and ${old} limit ${ROWS_PER_STEP})`,
    [environment, before],
  )
  return rowCount ?? 0
}

/** Of environments that keep less than others, and what a broken clock has dated long ago: row by row. */
function forgetLinks(db: Db, environment: string, before: Date): Promise<number> {
  return removeOfDays(db, 'fact_tickets', 'ticket_id, fact_id, day', environment, before)
}
function forgetFacts(db: Db, environment: string, before: Date): Promise<number> {
  return removeOfDays(db, 'facts', 'id, day', environment, before)
}
function forgetPlacements(db: Db, environment: string, before: Date): Promise<number> {
  return removeOfDays(db, 'placements', 'id, day', environment, before)
}

async function removeOfDays(db: Db, table: string, key: string, environment: string, before: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from ${table} where environment = $1 and day < $2 and (${key}) in (
       select ${key} from ${table} where environment = $1 and day < $2 limit ${ROWS_PER_STEP})`,
    [environment, dayOf(before)],
  )
  return rowCount ?? 0
}

async function forgetCounts(db: Db, environment: string, before: Date): Promise<void> {
  for (const [table, time] of [
    ['rollups', 'bucket'],
    ['rollups_15', 'bucket'],
    ['channel_minutes', 'minute'],
  ]) {
    await db.query(`delete from ${table} where environment = $1 and ${time} < $2`, [environment, before])
  }
}

/** In this order: a ticket never outlives what it was made of. */
const STEPS = [
  forgetTickets,
  forgetMatches,
  forgetSessions,
  forgetLinks,
  forgetFacts,
  forgetPlacements,
  forgetSetAside,
] as const

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

/** Those that were removed keep what is known of them for as long as they did before. */
export async function keptOf(db: Queryable, environments: () => Promise<readonly Kept[]>): Promise<Kept[]> {
  const { rows } = await db.query<Kept>(
    'select name, retention_days as "retentionDays" from environments where removed_at is not null order by name',
  )
  return [...(await environments()), ...rows]
}

/** On one replica at a time, once an hour. `onProblem` hears why it did not succeed; it is tried again. */
export function startRetaining(
  db: Db,
  leases: Leases,
  environments: () => Promise<readonly Kept[]>,
  onProblem: (error: unknown) => void,
): { stop(): Promise<void> } {
  return leases.keep('retention', async (signal) => {
    while (!signal.aborted) {
      let restMs = EVERY_MS
      try {
        await retain(db, await keptOf(db, environments), Date.now(), signal)
      } catch (error) {
        onProblem(error)
        restMs = RETRY_MS
      }
      await sleep(restMs, undefined, { signal, ref: false }).catch(() => {})
    }
  })
}
