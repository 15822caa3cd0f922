import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { RequestTimeouts, requestDeadlineMs } from './request-timeouts.ts'
import type { ConfigurationState, TicketState } from './state.ts'

const aConfiguration = (name: string) => ({ name, settings: { requestTimeoutSeconds: 10 } }) as ConfigurationState

it('names whoever is due first, whatever comes, leaves and is set anew', () => {
  const configurations = ['a', 'b', 'c'].map(aConfiguration)
  const step = fc.record({
    kind: fc.constantFrom('add', 'add', 'leave', 'leave', 'leave first', 'settings'),
    pick: fc.nat(),
  })
  fc.assert(
    fc.property(fc.array(step, { size: 'max', maxLength: 600 }), (steps) => {
      for (const { settings } of configurations) settings.requestTimeoutSeconds = 10
      const timeouts = new RequestTimeouts()
      let waiting: { ticket: TicketState; configuration: ConfigurationState }[] = []
      const dueMs = (one: (typeof waiting)[0]) => requestDeadlineMs(one.configuration, one.ticket)
      const inOrder = () =>
        waiting.toSorted((one, other) => dueMs(one) - dueMs(other) || one.ticket.arrival - other.ticket.arrival)
      steps.forEach(({ kind, pick }, arrival) => {
        const configuration = configurations[pick % 3]!
        if (kind === 'add') {
          const ticket = { status: 'QUEUED', matchId: null, startTimeMs: (arrival >> 3) * 1000, arrival } as TicketState
          ticket.configurationName = configuration.name
          waiting.push({ ticket, configuration })
          timeouts.add(configuration, ticket)
        } else if (kind === 'settings') {
          configuration.settings.requestTimeoutSeconds = 1 + (pick % 20)
          timeouts.settingsChanged()
        } else {
          const gone = kind === 'leave' ? waiting[pick % waiting.length] : inOrder()[0]
          if (!gone) return
          waiting = waiting.filter((one) => one !== gone)
          timeouts.leave(gone.ticket)
          gone.ticket.status = 'CANCELLED'
        }
        const [first] = inOrder()
        expect(timeouts.next()).toBe(first?.ticket ?? null)
        expect(timeouts.nextMs()).toBe(first ? dueMs(first) : null)
      })
    }),
  )
})
