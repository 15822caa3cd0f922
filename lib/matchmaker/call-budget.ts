/**
 * How often a GameLift may be called, by all replicas together, and whether it may be called at all: a token bucket and a
 * breaker that are one row. The clients of `gamelift.ts` take from it for every request they send, a second try and the
 * next page among them, so nobody else needs to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import type { IntegrityView } from '#lib/tickets/views.ts'
import type { Access } from './credentials.ts'
import { notAsked } from './not-asked.ts'

export interface CallBudget {
  /**
   * Milliseconds to wait before the call may go, 0 for now; null when that is longer than `mostMs` or calls are held back,
   * and nothing is taken.
   */
  take(mostMs: number, access?: Access): Promise<number | null>
  /**
   * Resolves when the call may go. Throws what `wasAsked` knows when that is not within `mostMs`, or while calls are held
   * back. A write is never the one that is sent to see whether anybody answers: nobody would know what became of it.
   */
  wait(mostMs: number, access?: Access): Promise<void>
  /** The call had an answer, whatever it said: none is held back any more. */
  answered(): Promise<void>
  /** The call had none. After five in a row calls are held back. */
  unanswered(): Promise<void>
  /** GameLift asked for fewer calls: half of them are allowed from now on, growing back while it is content. */
  throttled(): Promise<void>
}

/** After so many calls in a row without an answer they are held back, */
const HOLD_AFTER = 5
/** for so long, and then one goes. */
export const HOLD_SECONDS = 5
/** Nobody else goes while it is on its way: longer than it can be. */
const TRIAL_SECONDS = 10

/** What may go at once after a pause, in seconds of the rate: little, so that no second sees many more calls than allowed. */
const BURST_SECONDS = 0.2
const LEAST_PER_SECOND = 0.2
/** Calls that were under way together are refused together: that is one refusal. */
const ONE_REFUSAL_SECONDS = 1
/** For every quiet 10 s since the last refusal a tenth more, by the clock of the database. */
const ALLOWED = `allowed_rate * power(1.1,
  least(100, greatest(0, floor(extract(epoch from clock_timestamp() - throttled_at) / 10))))`

/** `callsPerSecond` is what the environment allows. The row is made when it is first needed. */
export function createCallBudget(
  db: Db,
  { name, callsPerSecond }: Pick<Environment, 'name' | 'callsPerSecond'>,
): CallBudget {
  /** Whether calls before the last one of this process had no answer: a good answer needs to be noted only then. */
  let isFailing = false

  async function ask(
    mostMs: number,
    access: Access,
  ): Promise<{ waitMs: number | null; failures: number; held: boolean }> {
    const { rows } = await db.query<{ wait_ms: number | null; failures: number; held: boolean }>(
      `with budget as (
         select *, least($2::float8, ${ALLOWED}) as allowed, clock_timestamp() as now
         from call_budgets where environment = $1 for update),
       after as (
         select environment, allowed, now, date_trunc('minute', now) as this_minute, failures,
           failures >= ${HOLD_AFTER} and ($4 = 'write' or held_until > now) as held,
           least(greatest(1, allowed * ${BURST_SECONDS}), tokens + allowed * greatest(0, extract(epoch from now - at))) - 1
             as tokens
         from budget),
       taken as (
         update call_budgets b set rate = $2, tokens = after.tokens, at = now, minute = this_minute,
           used_minute = case when b.minute = this_minute then b.used_minute + 1 else 1 end,
           used_before = case b.minute when this_minute then b.used_before
             when this_minute - interval '1 minute' then b.used_minute else 0 end,
           held_until = case when b.failures >= ${HOLD_AFTER} then now + interval '${TRIAL_SECONDS} seconds' end
         from after where b.environment = after.environment and not held
           and after.tokens >= $3::float8 / -1000 * allowed
         returning greatest(0, -1000 * after.tokens / allowed)::float8 as wait_ms)
       select wait_ms, failures, held from after left join taken on true`,
      [name, callsPerSecond, Math.max(0, mostMs), access],
    )
    const row = rows[0]
    if (row) {
      isFailing = row.failures > 0
      return { waitMs: row.wait_ms, failures: row.failures, held: row.held }
    }
    await db.query(
      `insert into call_budgets (environment, rate, allowed_rate, tokens, at, minute)
       values ($1, $2, $2, 1, clock_timestamp(), date_trunc('minute', now())) on conflict do nothing`,
      [name, callsPerSecond],
    )
    return ask(mostMs, access)
  }
  return {
    take: async (mostMs, access = 'read') => (await ask(mostMs, access)).waitMs,
    async wait(mostMs, access = 'read') {
      const { waitMs, failures, held } = await ask(mostMs, access).catch((error: unknown) => {
        throw notAsked('DATABASE_UNAVAILABLE', 'Matchdesk cannot count its calls to GameLift right now.', error)
      })
      if (held) {
        throw notAsked(
          'MATCHMAKER_UNAVAILABLE',
          `GameLift has not answered ${failures} calls in a row, so nothing was sent. Matchdesk tries every ${HOLD_SECONDS} seconds whether it answers again.`,
        )
      }
      if (waitMs === null) {
        throw notAsked('MATCHMAKER_UNAVAILABLE', 'Matchdesk may not call GameLift that often; try again in a moment.')
      }
      if (waitMs > 0) await sleep(waitMs)
    },
    async answered() {
      if (!isFailing) return
      isFailing = false
      await db.query('update call_budgets set failures = 0, held_until = null where environment = $1', [name])
    },
    async unanswered() {
      isFailing = true
      await db.query(
        `update call_budgets set failures = failures + 1, held_until = case when failures + 1 >= ${HOLD_AFTER}
           then clock_timestamp() + interval '${HOLD_SECONDS} seconds' end
         where environment = $1`,
        [name],
      )
    },
    async throttled() {
      await db.query(
        `update call_budgets set throttled_at = clock_timestamp(),
           allowed_rate = greatest(least(rate, ${LEAST_PER_SECOND}), least(rate, ${ALLOWED}) / 2)
         where environment = $1 and
           (throttled_at < clock_timestamp() - interval '${ONE_REFUSAL_SECONDS} seconds') is not false`,
        [name],
      )
    },
  }
}

/** What is used of the budget, in the last 60 s as far as two whole minutes tell; null before the first call. */
export async function readCallBudget(db: Queryable, environment: string): Promise<IntegrityView['budget']> {
  const { rows } = await db.query<{
    rate: number
    allowed: number
    used: number
    throttled_at: Date | null
    held_after: number | null
  }>(
    `select rate, least(rate, ${ALLOWED}) as allowed, throttled_at,
       case when failures >= ${HOLD_AFTER} then failures end as held_after,
       round(case minute when this_minute then used_minute + used_before * rest
         when this_minute - interval '1 minute' then used_minute * rest else 0 end)::int as used
     from call_budgets, date_trunc('minute', now()) as this_minute,
       lateral (select 1 - extract(epoch from now() - this_minute) / 60 as rest) as fraction
     where environment = $1`,
    [environment],
  )
  const row = rows[0]
  if (!row) return null
  return {
    perSecond: row.rate,
    allowedPerSecond: row.allowed,
    usedLastMinute: row.used,
    throttledAt: row.throttled_at?.toISOString() ?? null,
    heldAfter: row.held_after,
  }
}
