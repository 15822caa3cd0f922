/** One delivery over HTTP: parsed, stored, answered. Who may deliver is the route's question. */
import type { Db } from '#lib/db/pool.ts'
import type { Channel, Environment } from '#lib/environments/environment.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import { BodyRefused, readBoundedJson } from './bounded-json.ts'
import { type ReadDelivery, receiveRead } from './receive.ts'

const LIMITS = { maxBytes: 1024 * 1024, maxDepth: 32, maxReadMs: 10_000 }
const MAX_EVENTS = 1_000

export interface IngestAnswer {
  status: number
  body:
    | { received: number; added: number }
    | { error: { code: 'INVALID_INPUT' | 'DATABASE_UNAVAILABLE'; message: string } }
}

/**
 * Takes one EventBridge envelope or an array of them. 200 means committed to disk; 400, 408 and 413 mean the delivery
 * itself is wrong, and nothing of it is stored; everything that is our own trouble is 503, because a sender takes any
 * 4xx for an answer and does not come again.
 */
export async function ingestRequest(
  db: Db,
  environment: Environment,
  channel: Channel,
  request: Pick<Request, 'headers' | 'body'>,
  given: {
    /** For storing; more of it is a 503. */
    withinMs?: number
    /** Why an event may not come this way, or null. */
    whyRefused?: (envelope: unknown) => string | null
    /** Hears the cause of a 503. */
    onTrouble?: (error: unknown) => void
  } = {},
): Promise<IngestAnswer> {
  let deliveries: ReadDelivery[]
  try {
    deliveries = readDeliveries(channel, await readBoundedJson(request, LIMITS), given.whyRefused)
  } catch (error) {
    if (error instanceof BodyRefused) return failure(error.status, 'INVALID_INPUT', error.message)
    throw error
  }
  try {
    const within = given.withinMs === undefined ? undefined : { ms: given.withinMs }
    const taken = await receiveRead(db, environment, deliveries, within)
    const added = taken.filter(({ is }) => is === 'added').length
    return { status: 200, body: { received: deliveries.length, added } }
  } catch (error) {
    given.onTrouble?.(error)
    return failure(503, 'DATABASE_UNAVAILABLE', 'The events could not be stored. Deliver them again.')
  }
}

function readDeliveries(
  channel: Channel,
  body: unknown,
  whyRefused: (envelope: unknown) => string | null = () => null,
): ReadDelivery[] {
  const receivedAt = Date.now()
  const envelopes = Array.isArray(body) ? (body as unknown[]) : [body]
  if (envelopes.length > MAX_EVENTS) {
    throw new BodyRefused(413, `The body holds ${envelopes.length} events; at most ${MAX_EVENTS} are taken at once.`)
  }
  return envelopes.map((envelope, index) => {
    const parsed = parseEnvelope(envelope)
    const reason = parsed.kind === 'refused' ? parsed.reason : whyRefused(envelope)
    if (parsed.kind !== 'refused' && reason === null) return { channel, messageId: null, receivedAt, arrival: parsed }
    const which = Array.isArray(body) ? `Event ${index} of the array` : 'The event'
    throw new BodyRefused(400, `${which} was refused, and nothing was stored: ${reason}.`)
  })
}

function failure(status: number, code: 'INVALID_INPUT' | 'DATABASE_UNAVAILABLE', message: string): IngestAnswer {
  return { status, body: { error: { code, message } } }
}
