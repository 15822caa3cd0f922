import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEngine } from './engine.ts'
import { DEFAULT_OPTIONS } from './options.ts'
import { aDesk, type Desk, start } from './testing/desk.ts'
import { aBusyDesk, anySteps, commandOf, type Step } from './testing/random-life.ts'
import { savedState } from './testing/saved-state.ts'

function lived(steps: Step[]): Desk {
  const desk = aBusyDesk()
  for (const step of steps) {
    const command = commandOf(savedState(desk.engine.snapshot()), desk.journal.length, step)
    if ('waitMs' in command) desk.pass(command.waitMs)
    else desk.apply(command)
  }
  return desk
}

/** As engines before format 2 wrote it: tickets in full, and a timer for each that waits. */
function inFormat1(snapshot: string): string {
  const { shapes: _, ...saved } = JSON.parse(snapshot)
  const { tickets, configurations } = savedState(snapshot)
  const waiting = tickets.filter(({ status, matchId }) => (status === 'QUEUED' || status === 'SEARCHING') && !matchId)
  const due = waiting.map(({ ticketId, configurationName, startTimeMs, arrival }) => {
    const { settings } = configurations.find(({ name }) => name === configurationName)!
    return [`ticket:${ticketId}`, startTimeMs + settings.requestTimeoutSeconds * 1000, arrival]
  })
  const timers = { ...saved.timers, due: [...saved.timers.due, ...due].sort((a, b) => a[1] - b[1] || a[2] - b[2]) }
  return JSON.stringify({ ...saved, format: 1, tickets, timers })
}

describe('a snapshot', () => {
  it('of format 1 brings back the same state', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const snapshot = lived(steps).engine.snapshot()
        expect(createEngine(DEFAULT_OPTIONS, inFormat1(snapshot)).snapshot()).toBe(snapshot)
      }),
      { numRuns: 30 },
    )
  })

  it('of another format is refused, and the error says what remains', () => {
    const snapshot = aDesk().engine.snapshot().replace('"format":2', '"format":3')
    expect(() => createEngine(DEFAULT_OPTIONS, snapshot)).toThrow(
      'The snapshot has format 3; this engine reads 1 and 2. Without it the state follows from the journal',
    )
  })

  it('holds odd names and values, and writes what tickets have in common once', () => {
    const desk = aDesk()
    const odd = 'quote " backslash \\ line\nbreak \u2028 half \ud800 snowman ☃ null \0'
    const attributes = {
      [odd]: { S: odd },
      list: { SL: [odd] },
      map: { SDM: { [odd]: -1.5e-7, b: 1e21 } },
      n: { N: -0 },
    }
    for (const id of ['x', 'y']) {
      const Players = [{ PlayerId: `${odd}${id}`, PlayerAttributes: attributes, LatencyInMs: { [odd]: 7 } }]
      start(desk, `${odd}${id}`, [], { Players })
    }
    const snapshot = desk.engine.snapshot()
    expect(desk.reopened(snapshot).engine.snapshot()).toBe(snapshot)
    expect(desk.reopened(snapshot).read('DescribeMatchmaking', { TicketIds: [`${odd}x`] })).toEqual(
      desk.read('DescribeMatchmaking', { TicketIds: [`${odd}x`] }),
    )
    expect(JSON.parse(snapshot).shapes).toHaveLength(1)
  })

  it('is the same again after so many shapes that equal ones are kept apart', () => {
    const desk = aDesk()
    const player = (name: string, id = name) => ({
      Players: [{ PlayerId: id, PlayerAttributes: { [name]: { N: 1 } } }],
    })
    start(desk, 'before', [], player('same', 'a'))
    for (let i = 0; i < 11_000; i++) start(desk, `t${i}`, [], player(`name${i}`, 'b'))
    start(desk, 'after', [], player('same', 'c'))
    const snapshot = desk.engine.snapshot()
    expect(desk.reopened(snapshot).engine.snapshot()).toBe(snapshot)
  })
})
