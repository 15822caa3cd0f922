/** What became of each delivery, and which of them came late. */
import type { EventFact } from '#lib/flexmatch/events.ts'
import type { NotedDelivery } from '#lib/integrity/channel-minutes.ts'
import { type Arrival, ticketIdsOf } from './arrival.ts'
import type { CopyOutcome } from './event-copies.ts'
import type { KnownTicket } from './ticket-rows.ts'

/** `known`: the tickets as they were before. `now` is epoch ms. */
export function notedArrivals(
  arrivals: readonly Arrival[],
  outcomes: readonly CopyOutcome[],
  known: ReadonlyMap<string, KnownTicket>,
  now: number,
): NotedDelivery[] {
  /** The newest event of each ticket so far, of those that came one after another just now. */
  const newest = new Map<string, number>()
  const noted: NotedDelivery[] = []
  for (const [place, arrival] of arrivals.entries()) {
    if (arrival.kind === 'observation') continue
    const { channel = 'webhook', receivedAt = now } = arrival
    const became = outcomes[place] ?? 'repeated'
    const eventAt = arrival.kind === 'placement' ? arrival.event.time : arrival.fact.time
    // Also of a copy of what is known: it may tell the time more exactly than the first did.
    const isOlder = arrival.kind === 'matchmaking' && isLate(arrival.fact, newest, known)
    const late = isOlder && became === 'added'
    noted.push({ channel, receivedAt, eventAt, became, late })
  }
  return noted
}

function isLate(fact: EventFact, newest: Map<string, number>, known: ReadonlyMap<string, KnownTicket>): boolean {
  let late = false
  for (const ticketId of ticketIdsOf(fact)) {
    const before = newest.get(ticketId) ?? known.get(ticketId)?.ticket.lastEventAt ?? Number.NEGATIVE_INFINITY
    // A channel that stamps whole seconds says nothing of the order within one.
    if (fact.time < (fact.time % 1000 === 0 ? Math.floor(before / 1000) * 1000 : before)) late = true
    newest.set(ticketId, Math.max(before, fact.time))
  }
  return late
}
