import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TicketState } from './state.ts'
import { TicketList } from './ticket-list.ts'

const aTicket = (index: number) => ({ ticketId: `t${index}`, listPlace: -1 }) as TicketState

it('holds tickets like sets that keep the order of addition, each ticket in one of two', () => {
  const step = fc.record({ list: fc.nat(1), pick: fc.nat(), kind: fc.constantFrom('add', 'add', 'delete', 'take') })
  fc.assert(
    fc.property(fc.array(step, { minLength: 800, maxLength: 1000 }), (steps) => {
      const tickets = Array.from({ length: 200 }, (_, index) => aTicket(index))
      const lists = [new TicketList(), new TicketList()] as const
      const sets = [new Set<TicketState>(), new Set<TicketState>()] as const
      for (const { list, pick, kind } of steps) {
        const ticket = tickets[pick % tickets.length]!
        const [mine, other] = [sets[list]!, sets[1 - list]!]
        if (kind === 'add' && !mine.has(ticket) && !other.has(ticket)) {
          mine.add(ticket)
          lists[list]!.add(ticket)
        }
        if (kind === 'delete') expect(lists[list]!.delete(ticket)).toBe(mine.delete(ticket))
        if (kind === 'take') {
          const first = lists[list]!.first()
          expect(first?.ticketId).toBe([...mine][0]?.ticketId)
          if (first) lists[list]!.delete(first)
          if (first) mine.delete(first)
        }
        expect(lists[list]!.has(ticket)).toBe(mine.has(ticket))
        expect(lists[list]!.size).toBe(mine.size)
      }
      lists.forEach((list, index) => {
        expect(Array.from(list, ({ ticketId }) => ticketId)).toEqual(
          Array.from(sets[index]!, ({ ticketId }) => ticketId),
        )
      })
    }),
    // Long enough to close ranks; shrinking such lives takes minutes.
    { numRuns: 30, endOnFailure: true },
  )
})
