/** EstimatedWaitTime, from the words of the documentation. */
import { describe, expect, it } from 'vitest'
import { ACCEPTANCE, aDesk, answer, type Desk, STANDALONE, start } from './testing/desk.ts'

/** Two tickets of which the first has waited that long when they are COMPLETED, one tick after the second. */
function complete(desk: Desk, name: string, waitMs: number): void {
  start(desk, `${name}-1`)
  desk.pass(waitMs - 1000)
  start(desk, `${name}-2`)
  desk.pass(1000)
  expect(desk.status(`${name}-1`)).toBe('COMPLETED')
}
let tickets = 0
function estimate(desk: Desk): unknown {
  const ticketId = `asks-${++tickets}`
  start(desk, ticketId)
  const { EstimatedWaitTime } = desk.ticket(ticketId) ?? {}
  desk.send('StopMatchmaking', { TicketId: ticketId })
  return EstimatedWaitTime
}
const aPool = (options = {}) => aDesk({ configuration: STANDALONE, options })

describe('EstimatedWaitTime', () => {
  it('is absent while nothing has completed, and its event says NOT_AVAILABLE', () => {
    const desk = aPool()
    start(desk, 'a')
    desk.pass(1000)
    expect(desk.ticket('a')).not.toHaveProperty('EstimatedWaitTime')
    expect(desk.news()).toMatchObject([{ type: 'MatchmakingSearching', estimatedWaitMillis: 'NOT_AVAILABLE' }])
  })

  it('is the mean of what completed tickets had waited from start to end, in whole seconds', () => {
    const desk = aPool()
    complete(desk, 'x', 10_000)
    expect(estimate(desk)).toBe(6) // (10 + 1) / 2 = 5.5
    complete(desk, 'y', 20_000)
    expect(estimate(desk)).toBe(8) // (10 + 1 + 20 + 1) / 4
  })

  it('is the same number in the event, where it is in seconds too', () => {
    const desk = aPool()
    complete(desk, 'x', 10_000)
    desk.news()
    start(desk, 'a')
    desk.pass(1000)
    expect(desk.news()).toMatchObject([{ estimatedWaitMillis: 6 }])
    expect(desk.ticket('a')?.EstimatedWaitTime).toBe(6)
  })

  it('counts what completed in the last fifteen minutes, to the second', () => {
    const desk = aPool()
    complete(desk, 'x', 10_000)
    desk.pass(10 * 60_000)
    complete(desk, 'y', 30_000)
    expect(estimate(desk)).toBe(11) // (10 + 1 + 30 + 1) / 4 = 10.5
    desk.pass(5 * 60_000 - 30_000)
    expect(estimate(desk)).toBe(11)
    desk.pass(1000)
    expect(estimate(desk)).toBe(16) // (30 + 1) / 2 = 15.5
    desk.pass(15 * 60_000)
    expect(estimate(desk)).toBeUndefined()
  })

  it('counts no ticket that ended in another way', () => {
    const desk = aDesk({ configuration: { ...STANDALONE, ...ACCEPTANCE, RequestTimeoutSeconds: 30 } })
    start(desk, 'times-out')
    desk.pass(30_000)
    start(desk, 'stopped')
    desk.pass(3000)
    desk.send('StopMatchmaking', { TicketId: 'stopped' })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000)
    answer(desk, 'a', 'REJECT')
    expect([desk.status('times-out'), desk.status('a'), desk.status('b')]).toEqual([
      'TIMED_OUT',
      'CANCELLED',
      'CANCELLED',
    ])
    expect(estimate(desk)).toBeUndefined()
  })

  it('includes acceptance and placement, as the end of a ticket does', () => {
    const desk = aDesk({ configuration: ACCEPTANCE, options: { placement: { delayMs: 5000 } } })
    start(desk, 'a')
    start(desk, 'b')
    desk.pass(1000 + 4000)
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'ACCEPT')
    desk.pass(5000)
    expect(desk.status('a')).toBe('COMPLETED')
    expect(estimate(desk)).toBe(10)
  })

  it('is of each configuration by itself', () => {
    const desk = aPool()
    desk.send('CreateMatchmakingConfiguration', {
      Name: 'other',
      RuleSetName: 'rules',
      RequestTimeoutSeconds: 60,
      AcceptanceRequired: false,
      ...STANDALONE,
    })
    complete(desk, 'x', 10_000)
    start(desk, 'a', ['a-p'], { ConfigurationName: 'other' })
    expect(desk.ticket('a')).not.toHaveProperty('EstimatedWaitTime')
  })

  it('is the same after a restart', () => {
    const desk = aPool()
    complete(desk, 'x', 10_000)
    const again = desk.reopened(desk.engine.snapshot())
    expect([estimate(again), estimate(desk)]).toEqual([6, 6])
  })
})
