import { describe, expect, it } from 'vitest'
import { aTicket, solos, T0 } from '#lib/engine/core/matching/testing/pool-builders.ts'
import { aRuleSet, ask, verdictOf } from './testing/ask.ts'

const SKILLS = 'flatten(teams[*].players.attributes[skill])'
const NEAR = {
  name: 'Near',
  type: 'distance',
  measurements: [SKILLS],
  referenceValue: `min(${SKILLS})`,
  maxDistance: 10,
}
const WIDER = {
  target: 'rules[Near].maxDistance',
  steps: [
    { waitTimeSeconds: 10, value: 50 },
    { waitTimeSeconds: 30, value: 120 },
  ],
}
const aged = (starts: readonly number[], skills: readonly number[]) =>
  starts.map((at, index) =>
    aTicket(`t${index + 1}`, [{ attributes: { skill: skills[index] ?? 0 } }], { at, arrival: index }),
  )

describe('a ticket that can be matched now', () => {
  it('waits for the next pass, with the match that is possible', () => {
    const explained = ask(aRuleSet(1, { rules: [NEAR] }), solos([{ skill: 100 }, { skill: 300 }, { skill: 105 }]))
    const { match, sentence } = verdictOf(explained, 'soon')
    expect(match).toEqual({
      tickets: [
        { ticketId: 't1', teams: ['red'] },
        { ticketId: 't3', teams: ['blue'] },
      ],
      teams: [
        { name: 'red', playerCount: 1, minPlayers: 1, maxPlayers: 1 },
        { name: 'blue', playerCount: 1, minPlayers: 1, maxPlayers: 1 },
      ],
      playerCount: 2,
    })
    expect(sentence).toBe('A match with t3 is possible now: it waits for the next matching pass.')
    expect(explained.nearestMiss).toBeNull()
  })

  it('sees the largest match on its way, as the matcher does', () => {
    const teams = ['red', 'blue'].map((name) => ({ name, minPlayers: 1, maxPlayers: 2 }))
    const { match } = verdictOf(ask(aRuleSet(1, { teams }), solos([{}, {}, {}, {}, {}])), 'soon')
    expect(match.teams.map(({ playerCount }) => playerCount)).toEqual([2, 2])
  })

  it('finds a match in the one region that has enough players', () => {
    const teams = [{ name: 'all', minPlayers: 40, maxPlayers: 40 }]
    const ruleSet = aRuleSet(1, { teams, rules: [{ name: 'Ping', type: 'latency', maxLatency: 50 }] })
    const both = aTicket('t0', [{ latencyMs: { east: 20, west: 20 } }])
    const old = Array.from({ length: 30 }, (_, index) =>
      aTicket(`w${index}`, [{ latencyMs: { west: 20 } }], { arrival: index }),
    )
    const young = Array.from({ length: 39 }, (_, index) =>
      aTicket(`e${index}`, [{ latencyMs: { east: 20 } }], { at: 1, arrival: 40 + index }),
    )
    const { match } = verdictOf(ask(ruleSet, [both, ...old, ...young], { at: 2 }), 'soon')
    expect(match.tickets.slice(1).every(({ ticketId }) => ticketId.startsWith('e'))).toBe(true)
  })

  it('may be matched alone', () => {
    const alone = aRuleSet(1, { teams: [{ name: 'solo', minPlayers: 1, maxPlayers: 2 }] })
    expect(verdictOf(ask(alone, solos([{}])), 'soon').sentence).toContain('A match alone is possible now')
  })
})

describe('a ticket that waits for players', () => {
  it('is told how many are missing beside the best set', () => {
    const party = aTicket('t1', [{}, {}])
    const explained = ask(aRuleSet(3), [party, ...solos([{}, {}], 'u')])
    const { playersNeeded, best, certain, sentence } = verdictOf(explained, 'waiting')
    expect({ playersNeeded, certain, players: best.playerCount }).toEqual({
      playersNeeded: 2,
      certain: true,
      players: 4,
    })
    expect(best.tickets.map(({ ticketId }) => ticketId)).toEqual(['t1', 'u1', 'u2'])
    expect(sentence).toBe(
      'Too few players fit: 2 more players are needed beside 2 other tickets, and no expansion step changes that before the request times out.',
    )
    expect(explained).toMatchObject({ nearestMiss: null, weighed: { fittingTickets: 2, fittingPlayers: 2 } })
  })

  it('is told so when nobody else is there', () => {
    const explained = ask(aRuleSet(1), solos([{}]))
    expect(verdictOf(explained, 'waiting').sentence).toContain('No other ticket fits: 1 more player is needed')
    expect(explained.weighed).toMatchObject({
      waitingTickets: 0,
      cut: false,
      sentence: 'No other ticket waits in this configuration.',
    })
  })

  it('sees what each rule refused, the fitting tickets first and then the nearest misses', () => {
    const same = { name: 'Same', type: 'comparison', measurements: [SKILLS.replace('skill', 'mode')], operation: '=' }
    const pool = solos([
      { skill: 100 },
      { skill: 500, mode: 'rush' },
      { skill: 140 },
      { skill: 112 },
      { skill: 103 },
      { skill: 100, mode: 'rush' },
    ])
    const { weighed, nearestMiss, verdict } = ask(aRuleSet(2, { rules: [NEAR, same] }), pool)
    expect(verdict.kind).toBe('waiting')
    expect(weighed.reasons).toMatchObject([
      { ruleName: 'Near', ruleType: 'distance', refusedCount: 3, passedCount: 2 },
      { ruleName: 'Same', ruleType: 'comparison', refusedCount: 2, passedCount: 3 },
    ])
    expect(weighed.tickets.map(({ ticketId }) => ticketId)).toEqual(['t5', 't4', 't6', 't3', 't2'])
    expect(weighed.tickets[0]).toMatchObject({ fits: true, refusals: [], sentence: 'Ticket t5 fits.' })
    expect(weighed.tickets[4]?.refusals.map(({ ruleName }) => ruleName)).toEqual(['Near', 'Same'])
    expect(weighed.sentence).toBe('Weighed against 5 other tickets: 1 fit. Refused by: "Near" 3 and "Same" 2.')
    expect(nearestMiss).toMatchObject({
      kind: 'pair',
      ticketIds: ['t4'],
      refusals: [{ ruleName: 'Near', measured: { value: 12, limit: 10, missBy: 2 } }],
      sentence: `Ticket t4 comes closest. Rule "Near" refuses: distance of ${SKILLS} from min(${SKILLS}) is 12, must be at most 10, missed by 2.`,
    })
  })

  it('sees that another ticket fits when it fits on some team', () => {
    const rule = {
      name: 'LowRed',
      type: 'comparison',
      measurements: ['teams[red].players.attributes[skill]'],
      operation: '<=',
      referenceValue: 100,
    }
    // t2 may play on blue only, t1 on both.
    const { weighed } = ask(aRuleSet(2, { rules: [rule] }), solos([{ skill: 50 }, { skill: 150 }]))
    expect(weighed).toMatchObject({ fittingTickets: 1, refusedTickets: 0 })
  })

  it('sees parties that do not fit beside it, and tickets that fit nobody', () => {
    const ruleSet = aRuleSet(2, { playerAttributes: [{ name: 'rank', type: 'number' }] })
    const rank = { attributes: { rank: 1 } }
    const pool = [aTicket('t1', [rank, rank]), aTicket('t2', [rank, rank, rank]), aTicket('t3', [{}])]
    const { weighed } = ask(ruleSet, pool)
    expect(weighed.reasons).toMatchObject([
      { reason: 'size', refusedCount: 1, passedCount: 1 },
      { reason: 'never-matches', refusedCount: 1, passedCount: 1 },
    ])
    expect(weighed.tickets).toMatchObject([
      { ticketId: 't2', refusals: [{ reason: 'size', measured: { value: 5, limit: 4, missBy: 1 } }] },
      { ticketId: 't3', refusals: [{ reason: 'never-matches', measured: null }] },
    ])
  })
})

describe('backfill', () => {
  const session = { automatic: false, region: 'us-east-1' }

  it('fills a match with new tickets, whose players stay where they are', () => {
    const backfill = aTicket('b1', [{ team: 'red' }, { team: 'red' }, { team: 'blue' }], { backfill: session })
    const { match } = verdictOf(ask(aRuleSet(2), [backfill, ...solos([{}])]), 'soon')
    expect(match.tickets).toEqual([
      { ticketId: 'b1', teams: ['red', 'red', 'blue'] },
      { ticketId: 't1', teams: ['blue'] },
    ])
  })

  it('is refused by another backfill ticket, and is no match alone', () => {
    const teams = [{ name: 'red', minPlayers: 1, maxPlayers: 4 }]
    const one = (id: string) => aTicket(id, [{ team: 'red' }], { backfill: session })
    const explained = ask(aRuleSet(1, { teams }), [one('b1'), one('b2')])
    expect(verdictOf(explained, 'waiting').playersNeeded).toBe(1)
    expect(explained.weighed.tickets).toMatchObject([{ ticketId: 'b2', refusals: [{ reason: 'two-backfills' }] }])
  })

  it('never matches when a player stands on a team of another rule set', () => {
    const backfill = aTicket('b1', [{ team: 'green' }], { backfill: session })
    expect(verdictOf(ask(aRuleSet(2), [backfill]), 'never').reasons).toMatchObject([{ reason: 'unknown-team' }])
  })
})

describe('a ticket that is matched later', () => {
  it('learns when the newest ticket of the match is old enough, and which step makes the match', () => {
    const ruleSet = aRuleSet(1, { rules: [NEAR], expansions: [WIDER] })
    // t2 came 4 s after t1, and they are 40 apart: 50 are allowed once t2 is 10 s old.
    const explained = ask(ruleSet, aged([0, 4], [100, 140]), { at: 6 })
    expect(verdictOf(explained, 'later')).toMatchObject({
      atMs: T0 + 14_000,
      inSeconds: 8,
      matchAgeSeconds: 10,
      ticketAgeSeconds: 14,
      certain: true,
      steps: [
        {
          path: 'expansions[0].steps[0]',
          target: 'rules[Near].maxDistance',
          waitTimeSeconds: 10,
          value: 50,
          before: 10,
        },
      ],
      match: { tickets: [{ ticketId: 't1' }, { ticketId: 't2' }] },
      sentence:
        'In 8 s the newest ticket of a match will be 10 s old, and rules[Near].maxDistance 10 → 50 makes a match possible with t2, if all of them still wait.',
    })
    expect(explained.nearestMiss).toMatchObject({ ticketIds: ['t2'] })
  })

  it('goes by the oldest ticket where the rule set says so', () => {
    const algorithm = { expansionAgeSelection: 'oldest' }
    const ruleSet = aRuleSet(1, { rules: [NEAR], expansions: [WIDER], algorithm })
    // t2 is the one asked about; t1, which is older, is 10 s old at 10 s.
    const [t1, t2] = aged([0, 4], [100, 140])
    const explained = ask(ruleSet, [t2!, t1!], { at: 6 })
    expect(verdictOf(explained, 'later')).toMatchObject({ atMs: T0 + 10_000, matchAgeSeconds: 10, ticketAgeSeconds: 6 })
  })

  it('learns which team grows or shrinks', () => {
    const expansions = [{ target: 'teams[red,blue].minPlayers', steps: [{ waitTimeSeconds: 20, value: 1 }] }]
    const explained = ask(aRuleSet(2, { expansions }), aged([0, 0], [1, 1]), { at: 5 })
    expect(verdictOf(explained, 'later')).toMatchObject({
      atMs: T0 + 20_000,
      steps: [{ target: 'teams[*].minPlayers', before: 2, value: 1 }],
    })
  })

  it('names only the steps that matter of several that fall due together', () => {
    const same = {
      name: 'Maps',
      type: 'collection',
      measurements: [SKILLS.replace('skill', 'maps')],
      operation: 'intersection',
      minCount: 1,
    }
    const easier = { target: 'rules[Maps].minCount', steps: [{ waitTimeSeconds: 10, value: 0 }] }
    const ruleSet = aRuleSet(1, { rules: [NEAR, same], expansions: [easier, WIDER] })
    const { steps } = verdictOf(ask(ruleSet, aged([0, 0], [100, 140])), 'later')
    expect(steps.map(({ target }) => target)).toEqual(['rules[Near].maxDistance'])
  })

  it('does not count on tickets that time out before', () => {
    const ruleSet = aRuleSet(1, { rules: [NEAR], expansions: [WIDER] })
    const pool = aged([20, 0], [100, 140])
    expect(ask(ruleSet, pool, { at: 25, requestTimeoutSeconds: 31 }).verdict.kind).toBe('later')
    // At 30 s t1 is 10 s old, and t2 is gone.
    expect(ask(ruleSet, pool, { at: 25, requestTimeoutSeconds: 30 }).verdict.kind).toBe('waiting')
    // Nor on what happens once it is gone itself.
    expect(ask(ruleSet, pool.toReversed(), { at: 25, requestTimeoutSeconds: 31 }).verdict.kind).toBe('later')
    expect(ask(ruleSet, pool.toReversed(), { at: 25, requestTimeoutSeconds: 30 }).verdict.kind).toBe('waiting')
  })
})

describe('the expansion steps', () => {
  it('each say when they fall due for the ticket, who would fit, and whether they make the match', () => {
    const late = { waitTimeSeconds: 200, value: 500 }
    const expansions = [{ ...WIDER, steps: [...WIDER.steps, late] }]
    const pool = aged([0, 0, 0], [100, 190, 400])
    const { expansions: steps } = ask(aRuleSet(1, { rules: [NEAR], expansions }), pool, { at: 15 })
    expect(steps).toMatchObject([
      { waitTimeSeconds: 10, before: 10, value: 50, due: true, fittingTickets: 0, makesMatch: false },
      { waitTimeSeconds: 30, before: 50, value: 120, due: false, fittingTickets: 1, makesMatch: true },
      { waitTimeSeconds: 200, before: 120, value: 500, due: false, afterTimeout: true, fittingTickets: 2 },
    ])
    expect(steps[1]).toMatchObject({
      dueAtMs: T0 + 30_000,
      sentence:
        'At 30 s, rules[Near].maxDistance 50 → 120: falls due in 15 s. In a match that old 1 weighed ticket would fit. It makes the match.',
    })
  })
})

describe('the budget', () => {
  it('limits how many tickets are weighed and listed, and says so', () => {
    const pool = solos(Array.from({ length: 31 }, () => ({ skill: 100 })))
    const { weighed } = ask(aRuleSet(20), pool, {
      waitingTickets: 99_999,
      budget: { weighedTickets: 20, listedTickets: 5 },
    })
    expect(weighed).toMatchObject({ waitingTickets: 99_999, consideredTickets: 20, cut: true, fittingTickets: 20 })
    expect(weighed.tickets).toHaveLength(5)
    expect(weighed.sentence).toBe('Weighed against 20 of 99999 other tickets: 20 fit.')
  })

  it('ends a hopeless search, and the verdict says that it is not certain', () => {
    const rule = {
      name: 'Even',
      type: 'distance',
      measurements: ['sum(teams[red].players.attributes[skill])'],
      referenceValue: 'sum(teams[blue].players.attributes[skill])',
      maxDistance: 0,
    }
    // Every sum of powers of three is another one.
    const pool = solos(Array.from({ length: 30 }, (_, index) => ({ skill: 3 ** index })))
    const explained = ask(aRuleSet(5, { rules: [rule] }), pool, { budget: { work: 5_000 } })
    expect(verdictOf(explained, 'waiting')).toMatchObject({ certain: false, playersNeeded: 0 })
    expect(explained.sentence).toContain('Not every ticket or match was looked at')
  })

  it('weighs fewer tickets where rules have much to look at', () => {
    const rules = Array.from({ length: 60 }, (_, index) => ({
      name: `r${index}`,
      type: 'collection',
      measurements: ['flatten(teams[*].players.attributes[maps])'],
      operation: 'intersection',
      minCount: 1,
    }))
    const maps = Array.from({ length: 100 }, (_, index) => `map-${index}`)
    const pool = Array.from({ length: 300 }, (_, index) =>
      aTicket(`t${index}`, [{ attributes: { maps } }, { attributes: { maps } }], { arrival: index }),
    )
    const { weighed, verdict } = ask(aRuleSet(20, { rules }), pool)
    expect(weighed.cut).toBe(true)
    expect(weighed.consideredTickets).toBeGreaterThan(0)
    expect(weighed.consideredTickets).toBeLessThan(20)
    expect(verdict).toMatchObject({ kind: 'waiting', certain: false })
  })

  it('makes no verdict certain that rests on a part of the pool', () => {
    const { verdict } = ask(aRuleSet(2), solos([{}, {}]), { waitingTickets: 9 })
    expect(verdict).toMatchObject({ kind: 'waiting', certain: false })
  })
})
