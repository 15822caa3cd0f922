import { expect, it } from 'vitest'
import { projectTicket } from './project-ticket.ts'
import { anEvent, aTicket } from './testing/builders.ts'
import { holdsRejection, ticketIn } from './tickets-in-event.ts'

it('an event tells each of its tickets, and whether anybody rejected', () => {
  const [one, other] = [aTicket('t1', ['ana']), aTicket('t2', [{ playerId: 'bo', accepted: false }])]
  const { detail } = anEvent('AcceptMatch', { tickets: [one, other] })
  expect([ticketIn(detail, 't1'), ticketIn(detail, 't2'), ticketIn(detail, 't3')]).toEqual([one, other, undefined])
  expect(holdsRejection(detail)).toBe(true)
  expect(holdsRejection(anEvent('AcceptMatch', { tickets: [one] }).detail)).toBe(false)
})

it('every ticket of a match of 200 players is projected without looking through all of them for each', () => {
  const players = Array.from({ length: 200 }, (_, index) => `p${index}`)
  let looks = 0
  const answers = players.map((_, answered) => {
    const tickets = players.map((playerId, index) =>
      aTicket(`t-${playerId}`, [{ playerId, ...(index <= answered ? { accepted: true } : {}) }]),
    )
    const counted = new Proxy(tickets, {
      get(list, name, receiver) {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks++
        return Reflect.get(list, name, receiver)
      },
    })
    const event = anEvent('AcceptMatch', { time: 1_000 + answered, tickets })
    return { ...event, detail: { ...event.detail, tickets: counted } }
  })
  for (const playerId of players) {
    expect(projectTicket(`t-${playerId}`, answers).players).toMatchObject([{ playerId, answer: 'accepted' }])
  }
  expect(looks).toBeLessThan(players.length * answers.length * 4) // a few times for each event, not for each ticket too
})
