import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Desk } from '#lib/engine/core/testing/desk.ts'
import { aBusyDesk, anySteps, commandOf, type Step } from '#lib/engine/core/testing/random-life.ts'
import { savedState } from '#lib/engine/core/testing/saved-state.ts'
import { toEnvelope } from '#lib/engine/envelope.ts'
import type { DescribedFact, TicketFact } from '#lib/flexmatch/events.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import { projectTicket } from '#lib/flexmatch/project-ticket.ts'
import { isOpen, type TicketStatus } from '#lib/flexmatch/status.ts'
import { describedTicket } from '#lib/matchmaker/from-gamelift.ts'

/** Statuses no event tells of: who has only events still sees the ticket open. */
const SILENT_ENDS = /duplicate player|newer backfill/

interface Life {
  desk: Desk
  facts: TicketFact[]
  ticketIds: string[]
}

function live(steps: Step[], precision: 'seconds' | 'milliseconds'): Life {
  const desk = aBusyDesk()
  const described = new Map<string, DescribedFact>()
  const facts: TicketFact[] = []
  let seen = 0
  const listen = () => {
    for (const event of desk.events.slice(seen)) {
      const parsed = parseEnvelope(JSON.parse(JSON.stringify(toEnvelope(event, precision))))
      if (parsed.kind === 'refused') throw new Error(parsed.reason)
      if (parsed.kind !== 'matchmaking') continue
      facts.push(parsed.fact)
      // As the reconciler does: each new ticket early and once.
      for (const { ticketId } of parsed.fact.detail.tickets) {
        if (!described.has(ticketId)) look(desk, ticketId, desk.nowMs, described)
      }
    }
    seen = desk.events.length
  }
  for (const step of steps) {
    const command = commandOf(stateOf(desk), desk.journal.length, step)
    if ('waitMs' in command) desk.pass(command.waitMs)
    else desk.apply(command)
    listen()
  }
  return { desk, facts: [...facts, ...described.values()], ticketIds: [...described.keys()] }
}

const stateOf = (desk: Desk) => savedState(desk.engine.snapshot())

function look(desk: Desk, ticketId: string, time: number, described: Map<string, DescribedFact>): void {
  const answer = desk.ticket(ticketId)
  if (!answer) return
  const { configuration, observation } = describedTicket(answer)
  described.set(ticketId, { id: `describe-${ticketId}-${time}`, time, source: 'describe', configuration, observation })
}

describe.each(['milliseconds', 'seconds'] as const)(
  'what the index makes of the engine, with times in %s',
  (precision) => {
    it('is what the engine says of each ticket, from events in any order and one early describe', {
      timeout: 30_000,
    }, () => {
      fc.assert(
        fc.property(anySteps, fc.integer(), (steps, seed) => {
          const { desk, facts, ticketIds } = live(steps, precision)
          const arrived =
            fc.sample(fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }), {
              numRuns: 1,
              seed,
            })[0] ?? []
          for (const ticketId of ticketIds) {
            const truth = desk.ticket(ticketId)
            if (!truth) continue
            const own = arrived.filter(
              (fact) =>
                fact.source === 'event' || (fact.source === 'describe' && fact.observation.ticketId === ticketId),
            )
            const ticket = projectTicket(ticketId, own)
            if (SILENT_ENDS.test(String(truth.StatusMessage)) && isOpen(ticket.status)) continue
            expect([ticketId, ticket.status]).toEqual([ticketId, truth.Status as TicketStatus])
          }
        }),
        { numRuns: 60, interruptAfterTimeLimit: 8_000 },
      )
    })

    it('is confirmed or corrected by one describe later on', { timeout: 30_000 }, () => {
      fc.assert(
        fc.property(anySteps, fc.integer({ min: 2, max: 9 }), (steps, keepEvery) => {
          const { desk, facts, ticketIds } = live(steps, precision)
          const left = facts.filter((fact, index) => fact.source !== 'event' || index % keepEvery !== 0)
          const late = new Map<string, DescribedFact>()
          for (const ticketId of ticketIds) look(desk, ticketId, desk.nowMs + 2_000, late)
          for (const [ticketId, describe] of late) {
            const own = left.filter(
              (fact) =>
                fact.source === 'event' || (fact.source === 'describe' && fact.observation.ticketId === ticketId),
            )
            const ticket = projectTicket(ticketId, [...own, describe])
            expect([ticketId, ticket.status, ticket.presumed]).toEqual([ticketId, describe.observation.status, false])
          }
        }),
        { numRuns: 40, interruptAfterTimeLimit: 8_000 },
      )
    })
  },
)
