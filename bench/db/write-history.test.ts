import { describe, expect, it } from 'vitest'
import type { Ticket } from '#lib/flexmatch/ticket.ts'
import { factsByTicket, ticketsAfterEach } from './write-anchors.ts'
import { EVENTS_PER_MATCH, flow, inStep } from './write-history.ts'

const START = Date.UTC(2026, 6, 1, 12)
const statuses = (tickets: readonly Ticket[]) => [...new Set(tickets.map(({ status }) => status))]

describe('the events of the write rows', () => {
  it('flow in the order of their times, each of them new, and complete every ticket', () => {
    const events = flow(50, 1_000, START)
    expect(events).toHaveLength(50 * EVENTS_PER_MATCH)
    expect(events.map(({ timeMs }) => timeMs)).toEqual(events.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b))
    expect(new Set(events.map(({ envelope }) => envelope.id)).size).toBe(events.length)
    const [tickets] = ticketsAfterEach([events])
    expect(tickets).toHaveLength(100)
    expect(statuses(tickets ?? [])).toEqual(['COMPLETED'])
    expect(factsByTicket(events).size).toBe(100)
  })

  it('take all tickets of a batch through one status after the other', () => {
    const steps = ticketsAfterEach(inStep(7, 3, START))
    expect(steps.map(statuses)).toEqual([['SEARCHING'], ['REQUIRES_ACCEPTANCE'], ['PLACING'], ['COMPLETED']])
    expect(steps.map((tickets) => tickets.length)).toEqual([6, 6, 6, 6])
  })
})
