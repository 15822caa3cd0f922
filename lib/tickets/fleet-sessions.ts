/**
 * Game sessions as GameLift has them, by the fleets and aliases an environment names. Every fleet is read page after page,
 * over as many passes as that takes; what a whole reading did not list is labelled and then asked about by itself.
 * GameLift says that these calls are not made for following sessions closely, so a pass makes few of them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from '#lib/db/leases.ts'
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { wasAsked } from '#lib/matchmaker/not-asked.ts'
import { labelUnlisted, labelUnnamed, readUnlisted, saveGone, saveSessions } from './fleet-session-rows.ts'

/** What reading sessions needs of a matchmaker. Its calls count against the budget of the environment. */
export type SessionLister = Pick<Matchmaker, 'listFleetSessions' | 'describeGameSession'>

const PAGES_PER_PASS = 20
const ASKED_ONE_BY_ONE = 5
/** A session that is listed no more is asked about not more often than this. */
const ASK_AGAIN_MS = 60_000
const EVERY_MS = 30_000
/** After a pass that ended in the middle of a fleet. */
const GO_ON_MS = 5_000
/** Of the newest sessions of an engine, for the fleets they are on. */
const LOOKED_THROUGH = 200
const LAST_REST_MS = 5 * 60_000

/** How far the fleets have been read. Lost with the process: then each begins at its first page. */
export interface Reading {
  /** Which fleet is next. */
  at: number
  /** By fleet, where its next page begins; epoch ms. */
  begun: Map<string, { since: number; next: string | null; sessions: number }>
}

export interface PassResult {
  pages: number
  /** Whether every fleet was read to its end, or refused. */
  complete: boolean
  /** What ended the pass: GameLift throttles or does not answer. */
  failure: unknown
}

type Read = Pick<Environment, 'name'> & { fleets: readonly string[] }

/** One pass, ended early by the signal. Throws only what the database throws. `now` tells epoch ms. */
export async function readFleets(
  db: Db,
  { name, fleets }: Read,
  lister: SessionLister,
  reading: Reading,
  now: () => number = Date.now,
  signal?: AbortSignal,
): Promise<PassResult> {
  const result: PassResult = { pages: 0, complete: false, failure: null }
  await labelUnnamed(db, name, fleets, now())
  await db.query('delete from fleet_reads where environment = $1 and fleet <> all ($2)', [name, fleets])
  const first = reading.at
  for (let n = 0; n < fleets.length; n++) {
    reading.at = (first + n) % fleets.length
    const fleet = fleets[reading.at] as string
    try {
      if (!(await readFleet(db, name, fleet, lister, reading, result, now, signal))) return result
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const ofThisFleet = error.code === 'NOT_FOUND' || error.code === 'REFUSED'
      // A budget that is used up says nothing of the fleet.
      if (wasAsked(error)) await noteProblem(db, name, fleet, error.message, now())
      // Where the next page began is worth nothing after a refusal: it may be what was refused.
      if (ofThisFleet) reading.begun.delete(fleet)
      if (error.code === 'NOT_FOUND') await labelUnlisted(db, name, fleet, now())
      if (ofThisFleet) continue
      result.failure = error
      return result
    }
  }
  reading.at = 0
  try {
    await askOneByOne(db, name, lister, now, signal)
    result.complete = true
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    result.failure = error
  }
  return result
}

/** Whether it came to the end of the fleet before the pages of this pass ran out. */
async function readFleet(
  db: Db,
  environment: string,
  fleet: string,
  lister: SessionLister,
  { begun }: Reading,
  result: PassResult,
  now: () => number,
  signal?: AbortSignal,
): Promise<boolean> {
  const walk = begun.get(fleet) ?? { since: now(), next: null, sessions: 0 }
  begun.set(fleet, walk)
  while (result.pages < PAGES_PER_PASS && !signal?.aborted) {
    const askedAt = now()
    const page = await lister.listFleetSessions(fleet, walk.next)
    result.pages++
    await saveSessions(db, environment, fleet, page.sessions, askedAt)
    walk.sessions += page.sessions.length
    walk.next = page.next
    if (page.next !== null) continue
    begun.delete(fleet)
    await labelUnlisted(db, environment, fleet, walk.since)
    await noteListed(db, environment, fleet, walk)
    return true
  }
  return false
}

/** A list is of what is ACTIVE: what became of the others only a question of their own tells. */
async function askOneByOne(
  db: Db,
  environment: string,
  lister: SessionLister,
  now: () => number,
  signal?: AbortSignal,
): Promise<void> {
  const arns = await readUnlisted(db, environment, now() - ASK_AGAIN_MS, ASKED_ONE_BY_ONE)
  for (const arn of arns) {
    if (signal?.aborted) return
    const askedAt = now()
    const session = await lister.describeGameSession(arn)
    if (session === null) await saveGone(db, environment, arn, askedAt)
    else await saveSessions(db, environment, null, [{ ...session, createdAt: null }], askedAt)
  }
}

async function noteListed(
  db: Queryable,
  environment: string,
  fleet: string,
  { since, sessions }: { since: number; sessions: number },
): Promise<void> {
  await db.query(
    `insert into fleet_reads (environment, fleet, listed_at, sessions) values ($1, $2, $3, $4)
     on conflict (environment, fleet) do update set listed_at = excluded.listed_at, sessions = excluded.sessions,
       problem = null, problem_since = null`,
    [environment, fleet, new Date(since), sessions],
  )
}

async function noteProblem(db: Queryable, environment: string, fleet: string, problem: string, at: number) {
  await db.query(
    `insert into fleet_reads (environment, fleet, problem, problem_since) values ($1, $2, $3, $4)
     on conflict (environment, fleet) do update set problem = excluded.problem,
       problem_since = coalesce(fleet_reads.problem_since, excluded.problem_since)`,
    [environment, fleet, problem, new Date(at)],
  )
}

/**
 * Those the environment names. An engine of ours has no more fleets than its sessions tell of, and asking it costs nothing:
 * it is asked about all of them.
 */
export async function fleetsToRead(
  db: Queryable,
  { name, kind, fleets }: Pick<Environment, 'name' | 'kind' | 'fleets'>,
): Promise<string[]> {
  if (kind !== 'local') return [...fleets]
  const { rows } = await db.query<{ fleet: string }>(
    `select distinct substring(game_session_arn from ':gamesession/([a-z]*fleet-[a-zA-Z0-9-]+)/') as fleet from (
       select game_session_arn from game_sessions where environment = $1
       order by created_at desc, game_session_arn desc limit ${LOOKED_THROUGH}) as newest`,
    [name],
  )
  return [...new Set([...fleets, ...rows.flatMap(({ fleet }) => fleet ?? [])])].sort()
}

/** Reads the fleets of one environment until stopped, on one replica at a time. `onProblem` hears what GameLift failed with. */
export function startReadingFleets(given: {
  db: Db
  leases: Leases
  environment: Pick<Environment, 'name' | 'kind' | 'fleets'>
  lister: SessionLister
  onProblem: (error: unknown) => void
  everyMs?: number
}): { stop(): Promise<void> } {
  const { db, leases, environment, lister, onProblem, everyMs = EVERY_MS } = given
  return leases.keep(`sessions ${environment.name}`, async (signal) => {
    const reading: Reading = { at: 0, begun: new Map() }
    let failures = 0
    while (!signal.aborted) {
      const read = { name: environment.name, fleets: await fleetsToRead(db, environment) }
      const { complete, failure } = await readFleets(db, read, lister, reading, Date.now, signal)
      failures = failure ? failures + 1 : 0
      if (failure) onProblem(failure)
      const restMs = failure ? Math.min(LAST_REST_MS, everyMs * 2 ** failures) : complete ? everyMs : GO_ON_MS
      await sleep(restMs, undefined, { signal, ref: false }).catch(() => {})
    }
  })
}
