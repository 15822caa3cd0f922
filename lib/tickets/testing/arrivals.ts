/** Facts and envelopes as arrivals, for tests of the index. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { EventFact, TicketFact } from '#lib/flexmatch/events.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import { envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import type { Arrival } from '#lib/tickets/arrival.ts'

const FIXTURES = path.resolve('lib/flexmatch/fixtures/events')

/** Every recorded event of the bus, as it was delivered. */
export function fixtureEnvelopes(): unknown[] {
  return readdirSync(FIXTURES)
    .filter((name) => /^(eventbridge|placement)-/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(path.join(FIXTURES, name), 'utf8')) as unknown)
}

export function arrivalOf(envelope: unknown): Arrival {
  const parsed = parseEnvelope(envelope)
  if (parsed.kind === 'refused') throw new Error(parsed.reason)
  return parsed
}

export function arrivalsOf(facts: readonly TicketFact[]): Arrival[] {
  return facts.map((fact) =>
    fact.source === 'event' ? arrivalOf(envelopeOf(fact as EventFact)) : { kind: 'observation', fact },
  )
}
