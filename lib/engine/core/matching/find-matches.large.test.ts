import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { aTicket, fixtureRuleSet, type PlayerSpec, seeded } from './testing/pool-builders.ts'
import { matchedIds, runPass, shapes } from './testing/run-pass.ts'

/** Single players, all with 50 ms to one region unless they say otherwise. */
function crowd(count: number, player: (index: number) => PlayerSpec = () => ({}), prefix = 't'): PoolTicket[] {
  return Array.from({ length: count }, (_, index) =>
    aTicket(`${prefix}${index}`, [{ latencyMs: { here: 50 }, ...player(index) }], { arrival: index }),
  )
}
/** How many teams have how many players: `{ 4: 50 }`. */
const tally = (shape: string | undefined) =>
  Object.fromEntries(
    Object.entries(Object.groupBy((shape ?? '').split('/'), (size) => size)).map(([size, teams]) => [
      size,
      teams?.length,
    ]),
  )

describe('05 battle royale', () => {
  const ruleSet = fixtureRuleSet('05-battle-royale-200')
  it('fills every team with two hundred, and halves them with one hundred', () => {
    expect(shapes({ ruleSet, pool: crowd(200) }).map(tally)).toEqual([{ 4: 50 }])
    expect(shapes({ ruleSet, pool: crowd(100) }).map(tally)).toEqual([{ 2: 50 }])
  })
  it('waits with ninety-nine until the newest is 40 s old', () => {
    expect(shapes({ ruleSet, pool: crowd(99), at: 39 })).toEqual([])
    expect(shapes({ ruleSet, pool: crowd(99), at: 40 }).map(tally)).toEqual([{ 1: 1, 2: 49 }])
  })
  it('never mixes two modes', () => {
    const pool = crowd(200, (index) => ({ attributes: { queueMode: index % 2 === 0 ? 'squads' : 'duos' } }))
    const matches = matchedIds({ ruleSet, pool })
    expect(matches.map((ids) => ids.length)).toEqual([100, 100])
    for (const ids of matches) expect(new Set(ids.map((id) => Number(id.slice(1)) % 2)).size).toBe(1)
  })
  it('is not kept waiting by newcomers who make the whole crowd young', () => {
    // The newcomers are nearer to the anchor, so they are the first whom a walk by nearness takes.
    const newcomers = Array.from({ length: 30 }, (_, index) =>
      aTicket(`new${index}`, [{ latencyMs: { here: 50 } }], { at: 45 }),
    )
    const waiting = crowd(60, (index) => ({ attributes: { mmr: index === 0 ? 1200 : 1210 } }))
    const [ids] = matchedIds({ ruleSet, pool: [...waiting, ...newcomers], at: 50 })
    expect(ids?.[0]).toBe('t0')
    expect(ids?.filter((id) => id.startsWith('new'))).toEqual([])
    expect(ids).toHaveLength(60)
  })
  it('takes the region that most players share', () => {
    const latencyMs = (index: number): Record<string, number> =>
      index === 0 ? { few: 10, many: 60 } : index <= 105 ? { few: 10 } : { many: 60 }
    const [ids] = matchedIds({ ruleSet, pool: crowd(256, (index) => ({ latencyMs: latencyMs(index) })) })
    expect(ids).toHaveLength(151)
    expect(ids).not.toContain('t1')
  })
})

describe('06 large asymmetric', () => {
  const ruleSet = fixtureRuleSet('06-large-asymmetric-60')
  it.each([
    [60, '12/24/24'],
    [44, '8/18/18'],
  ])('puts %i players into %s', (count, shape) => {
    expect(shapes({ ruleSet, pool: crowd(count) })).toEqual([shape])
  })
  it('waits with eighteen until they are 50 s old', () => {
    expect(shapes({ ruleSet, pool: crowd(18), at: 49 })).toEqual([])
    expect(shapes({ ruleSet, pool: crowd(18), at: 50 })).toEqual(['6/6/6'])
  })
  it('balances the averages of the teams', () => {
    const random = seeded(3)
    const renown = Array.from({ length: 60 }, () => Math.floor(random() * 1000))
    const pool = crowd(60, (index) => ({ attributes: { renown: renown[index] ?? 0 } }))
    const [match] = runPass({ ruleSet, pool }).matches
    const averages = ruleSet.teams.map(({ name }) => {
      const members = match?.tickets.filter(({ teams }) => teams[0] === name) ?? []
      return members.reduce((sum, { ticketId }) => sum + (renown[Number(ticketId.slice(1))] ?? 0), 0) / members.length
    })
    expect(Math.max(...averages) - Math.min(...averages)).toBeLessThan(1)
  })
  it('prefers the region that is fastest for the anchor, though another has more players', () => {
    const latencyMs = (index: number): Record<string, number> =>
      index === 0 ? { near: 20, far: 90 } : index <= 50 ? { near: 20 } : { far: 20 }
    const [ids] = matchedIds({ ruleSet, pool: crowd(110, (index) => ({ latencyMs: latencyMs(index) })) })
    expect(ids).toHaveLength(51)
    expect(ids?.every((id) => Number(id.slice(1)) <= 50)).toBe(true)
  })
  it('first takes those for whom it is the fastest too', () => {
    const latencyMs = (index: number) => (index < 50 ? { near: 20, far: 90 } : { near: 150, far: 20 })
    const pool = crowd(110, (index) => ({ latencyMs: latencyMs((index * 7) % 110) }))
    const [ids] = matchedIds({ ruleSet, pool })
    expect(ids?.slice(0, 50).every((id) => (Number(id.slice(1)) * 7) % 110 < 50)).toBe(true)
    expect(ids).toHaveLength(60)
  })
})

describe('large matches and sessions', () => {
  const ruleSet = parseRuleSet(
    JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [{ name: 'n', type: 'number', default: 1 }],
      algorithm: { strategy: 'balanced', balancedAttribute: 'n' },
      teams: [{ name: 'team', minPlayers: 10, maxPlayers: 25, quantity: 2 }],
    }),
  )
  const session = (id: string, automatic: boolean, at: number) =>
    aTicket(
      id,
      Array.from({ length: 20 }, (_, index) => ({ team: `team_${(index % 2) + 1}` })),
      { at, backfill: { automatic, region: null } },
    )
  it('serves automatic backfill first, then other backfill, then new players', () => {
    const pool = [...crowd(70), session('asked', false, 1), session('automatic', true, 2)]
    const matches = matchedIds({ ruleSet, pool, at: 9 })
    expect(matches.map(([first]) => first)).toEqual(['automatic', 'asked'])
    expect(matches.map((ids) => ids.length)).toEqual([31, 31])
  })
  it('never splits a party', () => {
    const pool = Array.from({ length: 12 }, (_, index) =>
      aTicket(
        `p${index}`,
        Array.from({ length: 4 }, () => ({})),
        { arrival: index },
      ),
    )
    const [match] = runPass({ ruleSet, pool }).matches
    for (const { teams } of match?.tickets ?? []) expect(new Set(teams).size).toBe(1)
    expect(match?.tickets).toHaveLength(12)
  })
})

it('forms only legal matches of generated crowds', () => {
  const ruleSets = ['05-battle-royale-200', '06-large-asymmetric-60'].map(fixtureRuleSet)
  const seed = fc.integer()
  fc.assert(
    fc.property(seed, fc.constantFrom(...ruleSets), fc.integer({ min: 30, max: 400 }), (start, ruleSet, count) => {
      const random = seeded(start)
      const pick = (most: number) => Math.floor(random() * most)
      const pool = Array.from({ length: count }, (_, index) => {
        const players = Array.from({ length: 1 + pick(4) }, () => ({
          attributes: { mmr: 1000 + pick(400), renown: pick(100), queueMode: random() < 0.8 ? 'squads' : 'duos' },
          latencyMs: { east: 20 + pick(200), west: 20 + pick(200) },
        }))
        return aTicket(`t${index}`, players, { arrival: index, at: pick(60) })
      })
      runPass({ ruleSet, pool, at: 60, seed: start })
    }),
    { numRuns: 25, verbose: 1 },
  )
}, 60_000)
