/** The one door for deliveries: every channel makes these of what it got and hears about each of them. */
import type { Db } from '#lib/db/pool.ts'
import type { Channel, Environment } from '#lib/environments/environment.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import type { NotedDelivery } from '#lib/integrity/channel-minutes.ts'
import { type EventArrival, prepare } from './arrival.ts'
import { ingestTogether } from './ingest-together.ts'

/** One event as one channel brought it. */
export interface Delivery {
  channel: Channel
  /** What the channel calls this message; null where messages have no name. */
  messageId: string | null
  /** Epoch ms. */
  receivedAt: number
  /** The EventBridge envelope, not looked at yet. */
  envelope: unknown
}

/** What became of a delivery. `known` was committed before; `ignored` is none that this environment follows. */
export type Taken = { is: 'added' | 'known' | 'ignored' } | { is: 'refused'; reason: string }

/** Our own trouble: the same deliveries must come again. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/** A delivery whose event was read: not refused. */
export interface ReadDelivery extends Omit<Delivery, 'envelope'> {
  arrival: EventArrival
}

/**
 * One answer per delivery, in their order, committed to disk when it resolves. Refused ones do not hold up the others.
 * Throws `Unavailable` when they could not be stored, or not `within` the time given; they may come again any number of
 * times.
 */
export async function receive(
  db: Db,
  environment: Environment,
  given: readonly Delivery[],
  within?: { ms: number },
): Promise<Taken[]> {
  const taken: Taken[] = []
  const places: number[] = []
  const read: ReadDelivery[] = []
  const refused: NotedDelivery[] = []
  for (const [place, { envelope, ...rest }] of given.entries()) {
    const parsed = parseEnvelope(envelope)
    if (parsed.kind === 'refused') {
      taken[place] = { is: 'refused', reason: parsed.reason }
      refused.push(notTaken(rest, null, 'refused'))
    } else {
      places.push(place)
      read.push({ ...rest, arrival: parsed })
    }
  }
  for (const [index, answer] of (await store(db, environment, read, refused, within)).entries()) {
    taken[places[index] as number] = answer
  }
  return taken
}

/** As `receive`, for a channel that has read the events itself because it takes all of a delivery or none. */
export async function receiveRead(
  db: Db,
  environment: Environment,
  given: readonly ReadDelivery[],
  within?: { ms: number },
): Promise<Taken[]> {
  return store(db, environment, given, [], within)
}

async function store(
  db: Db,
  environment: Environment,
  given: readonly ReadDelivery[],
  refused: readonly NotedDelivery[],
  within: { ms: number } | undefined,
): Promise<Taken[]> {
  const followed: EventArrival[] = []
  const untaken = [...refused]
  for (const { arrival, ...delivery } of given) {
    const { channel, receivedAt } = delivery
    if (isFollowed(environment, arrival)) {
      followed.push({ ...arrival, channel, receivedAt, prepared: prepare(arrival.envelope) })
    } else untaken.push(notTaken(delivery, arrival.kind === 'placement' ? null : arrival.fact.time, 'ignored'))
  }
  if (followed.length === 0 && untaken.length === 0) return []
  const wasNew = await soon(ingestTogether(db, environment.name, followed, untaken), within)
  let next = 0
  return given.map(({ arrival }): Taken => {
    if (!isFollowed(environment, arrival)) return { is: 'ignored' }
    return { is: wasNew[next++] ? 'added' : 'known' }
  })
}

function notTaken(
  { channel, receivedAt }: Pick<Delivery, 'channel' | 'receivedAt'>,
  eventAt: number | null,
  became: 'ignored' | 'refused',
): NotedDelivery {
  return { channel, receivedAt, eventAt, became, late: false }
}

/** What queues say is not about a configuration: it is kept, and joined to whatever matches are known. */
function isFollowed({ configurations }: Environment, arrival: EventArrival): boolean {
  return (
    configurations === null || arrival.kind !== 'matchmaking' || configurations.includes(arrival.fact.configuration)
  )
}

/** What was begun is not taken back: the events may be stored all the same, and are known when they come again. */
async function soon<T>(work: Promise<T>, within: { ms: number } | undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    if (!within) return
    timer = setTimeout(
      () => reject(new Unavailable(`The events could not be stored within ${within.ms} ms.`)),
      within.ms,
    )
  })
  try {
    return await Promise.race([work, late])
  } catch (cause) {
    if (cause instanceof Unavailable) throw cause
    throw new Unavailable('The events could not be stored.', { cause })
  } finally {
    clearTimeout(timer)
  }
}
