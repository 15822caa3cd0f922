import { describe, expect, it } from 'vitest'
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { Matcher, type MatcherInput, type SavedMatcher } from './matcher.ts'
import { violations } from './testing/check-match.ts'
import { aTicket, seeded, T0 } from './testing/pool-builders.ts'
import { DEFAULT_OPTIONS } from './testing/run-pass.ts'

const SKILL = 'flatten(teams[*].players.attributes[skill])'
const LATENCY = { name: 'near', type: 'latency', maxLatency: 100 }
const spreadOf = (maxDistance: number) => ({
  name: 'spread',
  type: 'batchDistance',
  batchAttribute: 'skill',
  maxDistance,
})

function aRuleSet(parts: Record<string, unknown> = {}, size = 1): RuleSet {
  return parseRuleSet(
    JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [
        { name: 'skill', type: 'number' },
        { name: 'mode', type: 'string', default: 'any' },
        { name: 'maps', type: 'string_list', default: ['one'] },
      ],
      teams: ['red', 'blue'].map((name) => ({ name, minPlayers: size, maxPlayers: size })),
      ...parts,
    }),
  )
}

interface Solo {
  skill?: number
  mode?: string
  maps?: string[]
  at?: number
  latencyMs?: Record<string, number>
}
let arrivals = 0
const solo = (ticketId: string, { skill = 0, mode = 'any', maps = ['one'], at = 0, latencyMs }: Solo = {}) =>
  aTicket(ticketId, [{ attributes: { skill, mode, maps }, ...(latencyMs && { latencyMs }) }], {
    at,
    arrival: arrivals++,
  })

/** A matcher whose every match is checked. */
function aDesk(ruleSet: RuleSet, saved?: { matcher: Matcher; tickets: Map<string, PoolTicket> }) {
  const tickets = new Map<string, PoolTicket>(saved?.tickets)
  let reads = 0
  const input: MatcherInput = {
    ...{ ruleSet, additionalPlayerCount: 0, options: DEFAULT_OPTIONS },
    read(ticketId) {
      reads++
      return tickets.get(ticketId)!
    },
  }
  const places = new Map<string, number>()
  const state: SavedMatcher | null = saved ? JSON.parse(JSON.stringify(saved.matcher.save())) : null
  const matcher = state ? Matcher.restored(input, state) : new Matcher(input)
  for (const ticket of tickets.values()) places.set(ticket.ticketId, matcher.add(ticket))
  if (state) matcher.goOn(state, (ticketId) => places.get(ticketId)!)
  const random = seeded(1)
  const search = (at = 0, work = 1e9) => {
    const nowMs = T0 + at * 1000
    const result = matcher.search({ nowMs, random, work })
    for (const match of result.matches) {
      const pool = match.tickets.map(({ ticketId }) => tickets.get(ticketId)!)
      const wrong = violations(match, { ...input, pool, nowMs })
      if (wrong.length > 0) throw new Error(`illegal match ${JSON.stringify(match.tickets)}: ${wrong.join('; ')}`)
      for (const { ticketId } of match.tickets) tickets.delete(ticketId)
    }
    return result
  }
  return {
    matcher,
    tickets,
    search,
    reads: () => reads,
    metrics: (ticketId: string) => matcher.metrics(ticketId, places.get(ticketId)!),
    add(...all: PoolTicket[]) {
      for (const ticket of all) {
        tickets.set(ticket.ticketId, ticket)
        places.set(ticket.ticketId, matcher.add(ticket))
      }
    },
    remove(ticketId: string) {
      tickets.delete(ticketId)
      matcher.remove(ticketId, places.get(ticketId) ?? 0)
    },
  }
}
const idsOf = (matches: readonly FoundMatch[]) => matches.map(({ tickets }) => tickets.map(({ ticketId }) => ticketId))

/** So many tickets far from everybody and from each other that the pool counts as large. */
const loners = (count = 60) =>
  Array.from({ length: count }, (_, index) => solo(`far-${index}`, { skill: 1e6 + index * 1e3 }))

describe('a pool that is kept', () => {
  const ruleSet = aRuleSet({ rules: [spreadOf(10)] })

  it('matches a ticket with one that came before, and takes both out', () => {
    const desk = aDesk(ruleSet)
    desk.add(solo('a', { skill: 5 }))
    expect(desk.search().matches).toEqual([])
    desk.add(solo('b', { skill: 9 }))
    expect(idsOf(desk.search().matches)).toEqual([['a', 'b']])
    expect(desk.matcher.size).toBe(0)
  })

  it('does no work while nothing happens', () => {
    const desk = aDesk(ruleSet)
    desk.add(...loners())
    desk.search()
    const counted = desk.metrics('far-7')
    expect(desk.search(1).nextChangeMs).toBeNull()
    expect(desk.metrics('far-7')).toEqual(counted)
    expect(desk.reads()).toBe(0)
  })

  it('forgets a ticket that left', () => {
    const desk = aDesk(ruleSet)
    desk.add(solo('a'), ...loners())
    desk.search()
    desk.remove('a')
    desk.remove('never-there')
    desk.add(solo('b'))
    expect(desk.search().matches).toEqual([])
    expect(desk.metrics('a')).toBeNull()
  })

  it('takes the nearest of many', () => {
    const desk = aDesk(ruleSet)
    desk.add(...loners(), solo('off', { skill: 8 }), solo('anchor', { skill: 0 }), solo('near', { skill: -2 }))
    expect(idsOf(desk.search().matches)).toEqual([['off', 'anchor']])
    desk.add(solo('next', { skill: -3 }))
    expect(idsOf(desk.search().matches)).toEqual([['near', 'next']])
  })

  it('stops when its work is done, says so, and goes on from there', () => {
    const desk = aDesk(ruleSet)
    desk.add(...loners(200), solo('x', { skill: 1 }), solo('y', { skill: 1 }))
    const found: string[][] = []
    let searches = 0
    for (let next: number | null = T0; next === T0; searches++) {
      const result = desk.search(0, 50)
      found.push(...idsOf(result.matches))
      next = result.nextChangeMs
    }
    expect(searches).toBeGreaterThan(10)
    expect(found).toEqual([['x', 'y']])
  })
})

it('searches to the end once a pool has become small enough for that', () => {
  // Those that make the sum are far from each other: among many, each has others that are nearer.
  const sum = { name: 'sum', type: 'comparison', measurements: [`sum(${SKILL})`], operation: '=', referenceValue: 7 }
  const desk = aDesk(aRuleSet({ rules: [spreadOf(5000), sum] }, 2))
  const crowd = Array.from({ length: 60 }, (_, index) => solo(`crowd-${index}`, { skill: 2 * index }))
  const four = [500, -497, 300, -296].map((skill) => solo(`far${skill}`, { skill }))
  desk.add(...crowd, ...four)
  expect(desk.search().matches).toEqual([])
  for (const { ticketId } of crowd.slice(0, 44)) desk.remove(ticketId)
  expect(desk.search().matches).toHaveLength(1)
})

describe('expansions', () => {
  const expansions = [{ target: 'rules[spread].maxDistance', steps: [{ waitTimeSeconds: 10, value: 100 }] }]
  const ruleSet = aRuleSet({ rules: [spreadOf(10)], expansions })

  it('wake the tickets that reach a step, and only then', () => {
    const desk = aDesk(ruleSet)
    desk.add(...loners(), solo('a', { skill: 0 }), solo('b', { skill: 60, at: 3 }))
    expect(desk.search(3).nextChangeMs).toBe(T0 + 10_000)
    expect(desk.search(10)).toMatchObject({ matches: [], nextChangeMs: T0 + 13_000 })
    expect(idsOf(desk.search(13).matches)).toEqual([['a', 'b']])
    expect(desk.search(13).nextChangeMs).toBeNull()
  })

  it('count from the oldest ticket where the rule set says so', () => {
    const desk = aDesk(
      aRuleSet({
        rules: [spreadOf(10)],
        expansions,
        algorithm: { strategy: 'exhaustiveSearch', expansionAgeSelection: 'oldest' },
      }),
    )
    desk.add(...loners(), solo('a', { skill: 0 }), solo('b', { skill: 60, at: 3 }))
    expect(desk.search(3).matches).toEqual([])
    expect(idsOf(desk.search(10).matches)).toEqual([['a', 'b']])
  })
})

describe('who can be a candidate', () => {
  it('shares a region with the anchor, whichever', () => {
    const desk = aDesk(aRuleSet({ rules: [LATENCY] }))
    desk.add(
      ...Array.from({ length: 60 }, (_, index) =>
        solo(`own-${index}`, { latencyMs: { [`r${index % 30}-${index}`]: 20 } }),
      ),
    )
    expect(desk.search().matches).toEqual([])
  })

  it('is found in the second best region too', () => {
    const desk = aDesk(aRuleSet({ rules: [spreadOf(10), LATENCY] }))
    const inEast = loners().map((ticket) => ({
      ...ticket,
      players: ticket.players.map((one) => ({ ...one, latencyMs: { east: 9 } })),
    }))
    desk.add(
      ...inEast,
      solo('a', { latencyMs: { east: 20, west: 90 } }),
      solo('b', { latencyMs: { west: 20, east: 101 } }),
    )
    expect(idsOf(desk.search().matches)).toEqual([['a', 'b']])
  })

  it('is found when there are more regions than a mask has bits', () => {
    const desk = aDesk(aRuleSet({ rules: [LATENCY] }))
    desk.add(...Array.from({ length: 70 }, (_, index) => solo(`t${index}`, { latencyMs: { [`region-${index}`]: 20 } })))
    expect(desk.search().matches).toEqual([])
    desk.add(solo('late', { latencyMs: { 'region-33': 30 } }))
    expect(idsOf(desk.search().matches)).toEqual([['t33', 'late']])
  })

  it('has the same mode and a map in common', () => {
    const same = { name: 'mode', type: 'comparison', operation: '=', measurements: [SKILL.replace('skill', 'mode')] }
    const map = {
      name: 'map',
      type: 'collection',
      operation: 'intersection',
      measurements: [SKILL.replace('skill', 'maps')],
      minCount: 1,
    }
    const desk = aDesk(aRuleSet({ rules: [same, map] }))
    desk.add(
      ...Array.from({ length: 40 }, (_, index) => solo(`t${index}`, { mode: `m${index}`, maps: ['one', 'two'] })),
      solo('other-map', { mode: 'm7', maps: ['three'] }),
    )
    expect(desk.search().matches).toEqual([])
    desk.add(solo('both', { mode: 'm7', maps: ['three', 'two'] }))
    expect(idsOf(desk.search().matches)[0]).toContain('both')
  })
})

describe('teams of a large pool', () => {
  it('are dealt anew when their averages are too far apart', () => {
    const even = {
      ...{ name: 'even', type: 'distance', measurements: ['avg(teams[*].players.attributes[skill])'] },
      ...{ referenceValue: `avg(${SKILL})`, maxDistance: 1 },
    }
    const desk = aDesk(aRuleSet({ rules: [spreadOf(200), even] }, 3))
    desk.add(...loners(), ...[10, 12, 50, 52, 90, 92].map((skill, index) => solo(`t${index}`, { skill })))
    expect(desk.search().matches).toHaveLength(1)
  })
})

describe('a restored matcher', () => {
  it('finds what the other would have found', () => {
    const random = seeded(5)
    const expansions = [{ target: 'rules[spread].maxDistance', steps: [{ waitTimeSeconds: 5, value: 40 }] }]
    const ruleSet = aRuleSet({ rules: [spreadOf(4), LATENCY], expansions }, 2)
    let desk = aDesk(ruleSet)
    for (let at = 0; at < 60; at++) {
      const coming = Array.from({ length: 6 }, (_, index) =>
        solo(`t${at}-${index}`, {
          at,
          skill: Math.floor(random() * 800),
          latencyMs: { [random() < 0.5 ? 'east' : 'west']: 50 },
        }),
      )
      desk.add(...coming)
      const copy = aDesk(ruleSet, desk)
      expect(copy.matcher.save()).toEqual(desk.matcher.save())
      const found = desk.search(at, 500)
      // Both draw from a generator of their own; with two even teams the draw decides names only.
      expect(idsOf(copy.search(at, 500).matches)).toEqual(idsOf(found.matches))
      if (at % 7 === 0) desk = copy
    }
    expect(desk.matcher.size).toBeGreaterThan(0)
  })
})
