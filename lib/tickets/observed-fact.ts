import { createHash } from 'node:crypto'
import type { DescribedFact, GoneFact, TicketObservation } from '#lib/flexmatch/events.ts'

/**
 * The fact of an answer. Its id follows from what was seen and from the newest fact known then: the same answer after
 * the same fact is the same fact, however often and by whomever it was asked for.
 */
export function describedFact(
  observation: TicketObservation,
  given: { time: number; configuration: string; newestFactId: string },
): DescribedFact {
  const id = `describe-${digest([substanceOf(observation), given.newestFactId])}`
  return { id, time: given.time, source: 'describe', configuration: given.configuration, observation }
}

export function goneFact(ticketId: string, given: { time: number; newestFactId: string }): GoneFact {
  const id = `gone-${digest([ticketId, given.newestFactId])}`
  return { id, time: given.time, source: 'gone', configuration: '', ticketId }
}

/** Whether two answers say the same. */
export function saysTheSame(a: TicketObservation, b: TicketObservation): boolean {
  return substanceOf(a) === substanceOf(b)
}

/** The estimate moves with everybody else's waits: it is no news about the ticket. */
function substanceOf({ estimatedWaitSeconds: _, ...observation }: TicketObservation): string {
  return canonicalJson(observation)
}

/** jsonb hands the members of an object back in an order of its own. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function digest(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)
}
