/** What somebody should look at now, each with the page that shows it. */
import type { Queryable } from '#lib/db/pool.ts'
import { differentBuilds } from '#lib/replicas/heartbeat.ts'
import { GRACE_MS } from './overdue.ts'
import { readTimeouts } from './overdue-timeouts.ts'
import type { AttentionView as Attention, ConfigurationView, OutageView, OverviewView } from './views.ts'

export interface Health {
  configurations: OverviewView['configurations']
  lastReceivedAt: Date | null
  matchmaker: MatchmakerHealth
}

/** What this process knows of the environment's GameLift without asking it. */
export interface MatchmakerHealth {
  outage: OutageView | null
  /** null while they have not been read. */
  configurations: readonly Pick<ConfigurationView, 'name' | 'requestTimeoutSeconds'>[] | null
}

/** A queue waits ten minutes for a place at most; whatever is in PLACING longer is stuck. */
const QUEUE_PATIENCE_MS = 10 * 60_000
/** Three describes unanswered: more than one lost event. */
const UNCONFIRMED_AFTER_MS = 2 * 60_000
const SILENT_AFTER_MS = 5 * 60_000
/** Open tickets older than this should have made events. */
const SILENT_UNLESS_YOUNGER_MS = 60_000
const LONG_WAIT_FACTOR = 3
const LONG_WAIT_AT_LEAST_MS = 60_000
const SAMPLE = 100
const FEWEST_TO_JUDGE = 10
const REJECTIONS_WITHIN_MS = 15 * 60_000
const HIGH_REJECTION_SHARE = 0.3
const COUNTED_AT_MOST = 100

/** Worst first; empty means healthy. `now` is epoch ms. */
export async function attention(db: Queryable, environment: string, health: Health, now: number): Promise<Attention[]> {
  const timeouts = await knownTimeouts(db, environment, health)
  const found = await Promise.all([
    notAnswering(environment, health),
    ingestSilent(environment, health, now),
    stuckPlacing(db, environment, now),
    pastTimeout(db, environment, health, timeouts, now),
    unconfirmed(db, environment, now),
    presumedOver(db, environment),
    timeoutNotKnown(db, environment, timeouts, now),
    notUsed(db, environment),
    longWaits(db, environment, health, now),
    manyRejections(db, environment, now),
    mixedBuilds(db, environment),
  ])
  const all = found.flat()
  return [...all.filter(({ severity }) => severity === 'bad'), ...all.filter(({ severity }) => severity === 'warning')]
}

/** Of the installation, not of the environment: it is said in each, because nobody looks anywhere else. */
async function mixedBuilds(db: Queryable, environment: string): Promise<Attention[]> {
  const text = await differentBuilds(db)
  return text === null ? [] : [{ text, href: `/${environment}`, severity: 'warning' }]
}

function notAnswering(environment: string, { matchmaker: { outage } }: Health): Attention[] {
  if (!outage) return []
  return [
    {
      text: 'GameLift has not answered',
      since: outage.since,
      detail: outage.message,
      href: `/${environment}/configurations`,
      severity: 'bad',
    },
  ]
}

function ingestSilent(environment: string, { configurations, lastReceivedAt }: Health, now: number): Attention[] {
  const oldest = configurations.map(({ oldestStartedAt }) => oldestStartedAt && Date.parse(oldestStartedAt))
  const waiting = oldest.some((startedAt) => startedAt && now - startedAt > SILENT_UNLESS_YOUNGER_MS)
  if (!waiting || (lastReceivedAt && now - lastReceivedAt.getTime() < SILENT_AFTER_MS)) return []
  const since = lastReceivedAt ? `for ${duration(now - lastReceivedAt.getTime())}` : 'yet'
  return [
    {
      text: `No event has come in ${since}, although tickets are open. What is shown comes from describes only.`,
      href: `/${environment}/tickets`,
      severity: 'bad',
    },
  ]
}

async function stuckPlacing(db: Queryable, environment: string, now: number): Promise<Attention[]> {
  const { rows } = await db.query<{ found: number }>(
    `select count(*)::int as found from (
       select from tickets where environment = $1 and status = 'PLACING' and updated_at < $2
       limit ${COUNTED_AT_MOST}) as stuck`,
    [environment, new Date(now - QUEUE_PATIENCE_MS)],
  )
  const found = rows[0]?.found ?? 0
  if (found === 0) return []
  const text = `${tickets(found)} in PLACING for more than ${duration(QUEUE_PATIENCE_MS)}.`
  return [{ text, href: `/${environment}/tickets?tab=PLACING&order=oldest`, severity: 'bad' }]
}

/** Seconds by configuration: what this process has read, and else what was kept when one of them last read it. */
async function knownTimeouts(
  db: Queryable,
  environment: string,
  { matchmaker }: Health,
): Promise<ReadonlyMap<string, number>> {
  const read = (matchmaker.configurations ?? []).map((each) => [each.name, each.requestTimeoutSeconds] as const)
  return new Map([...(await readTimeouts(db, environment)), ...read])
}

/** GameLift ends a ticket at its request timeout, whatever it waits for; in PLACING a queue may take longer. */
async function pastTimeout(
  db: Queryable,
  environment: string,
  health: Health,
  timeouts: ReadonlyMap<string, number>,
  now: number,
): Promise<Attention[]> {
  const overdue = health.configurations.flatMap(({ configuration, oldestStartedAt }) => {
    const seconds = timeouts.get(configuration)
    if (seconds === undefined || oldestStartedAt === null) return []
    const timeoutMs = seconds * 1000
    const startedBefore = now - timeoutMs - GRACE_MS
    return Date.parse(oldestStartedAt) < startedBefore ? [{ configuration, timeoutMs, startedBefore }] : []
  })
  const found = await Promise.all(
    overdue.map(async ({ configuration, timeoutMs, startedBefore }): Promise<Attention[]> => {
      const { rows } = await db.query<{ found: number }>(
        `select count(*)::int as found from (
           select from tickets where environment = $1 and configuration = $2 and is_open and started_at < $3
             and status <> 'PLACING' limit ${COUNTED_AT_MOST}) as late`,
        [environment, configuration, new Date(startedBefore)],
      )
      const late = rows[0]?.found ?? 0
      if (late === 0) return []
      const are = late === 1 ? 'is past its' : 'are past their'
      const query = `tab=open&configuration=${encodeURIComponent(configuration)}&order=oldest`
      return [
        {
          text: `${tickets(late)} of ${configuration} ${are} request timeout of ${clock(timeoutMs)} and still open.`,
          href: `/${environment}/tickets?${query}`,
          severity: 'bad',
        },
      ]
    }),
  )
  return found.flat()
}

async function unconfirmed(db: Queryable, environment: string, now: number): Promise<Attention[]> {
  const { rows } = await db.query<{ found: number }>(
    `select count(*)::int as found from (
       select from tickets where environment = $1 and is_open and confirmed_at < $2
       limit ${COUNTED_AT_MOST}) as stale`,
    [environment, new Date(now - UNCONFIRMED_AFTER_MS)],
  )
  const found = rows[0]?.found ?? 0
  if (found === 0) return []
  const text = `Nothing has confirmed ${tickets(found)} for more than ${duration(UNCONFIRMED_AFTER_MS)}.`
  return [{ text, href: `/${environment}/tickets?tab=open&order=oldest`, severity: 'warning' }]
}

/** They are among the ended ones, although nothing has said how they ended. */
async function presumedOver(db: Queryable, environment: string): Promise<Attention[]> {
  const { rows } = await db.query<{ found: number }>(
    `select count(*)::int as found from (
       select from tickets where environment = $1 and presumed and status = 'TIMED_OUT'
       limit ${COUNTED_AT_MOST}) as over`,
    [environment],
  )
  const found = rows[0]?.found ?? 0
  if (found === 0) return []
  const text = `${tickets(found)} presumed to have timed out: neither an event nor GameLift has said how.`
  return [{ text, href: `/${environment}/tickets?tab=TIMED_OUT&presumed=1`, severity: 'warning' }]
}

/** Silent tickets that cannot even be presumed to be over. */
async function timeoutNotKnown(
  db: Queryable,
  environment: string,
  timeouts: ReadonlyMap<string, number>,
  now: number,
): Promise<Attention[]> {
  const { rows } = await db.query<{ configuration: string; found: number }>(
    `select configuration, count(*)::int as found from (
       select configuration from tickets where environment = $1 and is_open and confirmed_at < $2 and status <> 'PLACING'
       order by confirmed_at limit ${COUNTED_AT_MOST}) as silent group by configuration order by configuration`,
    [environment, new Date(now - UNCONFIRMED_AFTER_MS)],
  )
  const unknown = rows.filter(({ configuration }) => !timeouts.has(configuration))
  return unknown.map(({ configuration, found }) => {
    const of = configuration === '' ? 'a configuration that is not known' : configuration
    const query = `tab=open${configuration && `&configuration=${encodeURIComponent(configuration)}`}&order=oldest`
    return {
      text: `The request timeout of ${of} is not known: ${tickets(found)} of which nothing is heard cannot be presumed to be over.`,
      href: `/${environment}/tickets?${query}`,
      severity: 'warning',
    }
  })
}

/** Messages that came and say nothing to us: whoever sends them, or the environment's settings, may be wrong. */
async function notUsed(db: Queryable, environment: string): Promise<Attention[]> {
  const { rows } = await db.query<{ found: number }>(
    `select count(*)::int as found from (
       select from set_aside where environment = $1 and state = 'waiting' limit ${COUNTED_AT_MOST}) as waiting`,
    [environment],
  )
  const found = rows[0]?.found ?? 0
  if (found === 0) return []
  const number = found === COUNTED_AT_MOST ? `${found} or more` : String(found)
  const text = `${number} message${found === 1 ? '' : 's'} came that could not be used.`
  return [{ text, href: `/${environment}/set-aside`, severity: 'warning' }]
}

/** Against how long the last completed tickets of the same configuration waited. */
async function longWaits(db: Queryable, environment: string, health: Health, now: number): Promise<Attention[]> {
  const waiting = health.configurations.filter(({ oldestStartedAt }) => oldestStartedAt !== null)
  if (waiting.length === 0) return []
  // A range per configuration, as in the overview: a join may walk the whole table for a name without statistics.
  const samples = waiting.map(
    (_, index) => `(select configuration, started_at, ended_at from tickets
       where environment = $1 and configuration = $${index + 2} and status = 'COMPLETED'
       order by started_at desc, ticket_id desc limit ${SAMPLE})`,
  )
  const { rows } = await db.query<{ configuration: string; usual_ms: number; sample: number }>(
    `select configuration, count(*)::int as sample,
       percentile_cont(0.95) within group (order by extract(epoch from (ended_at - started_at)) * 1000) as usual_ms
     from (${samples.join(' union all ')}) as completed group by configuration`,
    [environment, ...waiting.map(({ configuration }) => configuration)],
  )
  const usual = new Map(rows.map((row) => [row.configuration, row]))
  return waiting.flatMap(({ configuration, oldestStartedAt }): Attention[] => {
    const known = usual.get(configuration)
    if (!known || known.sample < FEWEST_TO_JUDGE || oldestStartedAt === null) return []
    const waited = now - Date.parse(oldestStartedAt)
    if (waited < Math.max(LONG_WAIT_AT_LEAST_MS, known.usual_ms * LONG_WAIT_FACTOR)) return []
    const text = `${configuration}: a ticket has waited ${duration(waited)}; 95 of 100 matches are made within ${duration(known.usual_ms)}.`
    const query = `tab=open&configuration=${encodeURIComponent(configuration)}&order=oldest`
    return [{ text, href: `/${environment}/tickets?${query}`, severity: 'warning' }]
  })
}

async function manyRejections(db: Queryable, environment: string, now: number): Promise<Attention[]> {
  const { rows } = await db.query<{ configuration: string; decided: number; refused: number }>(
    `select configuration, count(*)::int as decided,
       (count(*) filter (where status in ('rejected', 'not-answered')))::int as refused
     from (select configuration, status from matches where environment = $1 and created_at > $2
           order by created_at desc, match_id desc limit 500) as recent
     where status <> 'proposed' group by configuration order by configuration`,
    [environment, new Date(now - REJECTIONS_WITHIN_MS)],
  )
  return rows
    .filter((row) => row.decided >= FEWEST_TO_JUDGE && row.refused / row.decided > HIGH_REJECTION_SHARE)
    .map(({ configuration, decided, refused }) => ({
      text: `${configuration}: ${refused} of the last ${decided} matches were not accepted.`,
      href: `/${environment}/matches`,
      severity: 'warning',
    }))
}

function tickets(found: number): string {
  const number = found === COUNTED_AT_MOST ? `${found} or more` : String(found)
  return `${number} ticket${found === 1 ? '' : 's'}`
}

/** `3:00`, `1:00:00`. */
function clock(ms: number): string {
  const twoDigits = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const seconds = ms / 1000
  const rest = `${twoDigits((seconds / 60) % 60)}:${twoDigits(seconds % 60)}`
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest.replace(/^0/, '')
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
