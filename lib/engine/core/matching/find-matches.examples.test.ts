import { describe, expect, it } from 'vitest'
import { type Attributes, aTicket, fixtureRuleSet, type PlayerSpec, solos } from './testing/pool-builders.ts'
import { matchedIds, runPass, shapes } from './testing/run-pass.ts'

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value)
const inRegion = (...latencies: number[]) =>
  latencies.map((latency, index) => aTicket(`t${index + 1}`, [{ latencyMs: { here: latency } }], { arrival: index }))
const party = (id: string, players: PlayerSpec[], arrival = 0) => aTicket(id, players, { arrival })

describe('01 minimal duel', () => {
  const ruleSet = fixtureRuleSet('01-minimal-duel')
  it('puts two single players on one team each', () => {
    expect(shapes({ ruleSet, pool: solos([{}, {}]) })).toEqual(['1/1'])
  })
  it('never matches a party of two', () => {
    const pool = [party('duo', [{}, {}]), ...solos([{}])]
    expect(shapes({ ruleSet, pool, at: 1000 })).toEqual([])
  })
})

describe('02 two teams of equal skill', () => {
  const ruleSet = fixtureRuleSet('02-two-teams-equal-skill')
  const mixed = [...times(4, { rating: 1000 }), ...times(4, { rating: 1400 })]
  it('splits four strong and four weak players two and two', () => {
    expect(shapes({ ruleSet, pool: solos(mixed) })).toEqual(['4/4'])
  })
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds that split in any order of arrival (rotation %i)', (turn) => {
    const pool = solos(mixed.map((_, index) => mixed[(index * 3 + turn) % 8] ?? {}))
    expect(shapes({ ruleSet, pool })).toEqual(['4/4'])
  })
  it('makes a match of six out of seven equals, for the teams must be of one size', () => {
    expect(shapes({ ruleSet, pool: solos(times(7, { rating: 1000 })) })).toEqual(['3/3'])
  })
})

describe('03 one warden against a crew', () => {
  const ruleSet = fixtureRuleSet('03-uneven-teams-warden-crew')
  const warden = { role: 'warden', mastery: 5 }
  const crew = (count: number) => times(count, { mastery: 3 })
  it('fills the crew', () => {
    expect(shapes({ ruleSet, pool: solos([warden, ...crew(6)]) })).toEqual(['1/6'])
    expect(shapes({ ruleSet, pool: solos([...crew(6), warden]) })).toEqual(['1/6'])
  })
  it('plays with five when no sixth is there', () => {
    expect(shapes({ ruleSet, pool: solos([warden, ...crew(5)]) })).toEqual(['1/5'])
  })
  it('plays with three only when the newest of the four is 40 s old', () => {
    const pool = solos([warden, ...crew(3)])
    expect(shapes({ ruleSet, pool, at: 39.999 })).toEqual([])
    expect(shapes({ ruleSet, pool, at: 40 })).toEqual(['1/3'])
    const [last, ...others] = pool
    const late = [...others, aTicket('late', [{ attributes: warden }], { at: 10 })]
    expect(last).toBeDefined()
    expect(shapes({ ruleSet, pool: late, at: 49 })).toEqual([])
    expect(shapes({ ruleSet, pool: late, at: 50 })).toEqual(['1/3'])
  })
  it('never matches a weak warden, nor a crew without a volunteer', () => {
    expect(shapes({ ruleSet, pool: solos([{ role: 'warden', mastery: 1 }, ...crew(6)]), at: 9999 })).toEqual([])
    expect(shapes({ ruleSet, pool: solos(crew(7)), at: 9999 })).toEqual([])
  })
})

describe('04 three-way split', () => {
  const ruleSet = fixtureRuleSet('04-three-way-split')
  it('splits nine into three squads and seven into 3, 2 and 2', () => {
    expect(shapes({ ruleSet, pool: solos(times(9, {})) })).toEqual(['3/3/3'])
    const [seven] = shapes({ ruleSet, pool: solos(times(7, {})) })
    expect(seven?.split('/').sort()).toEqual(['2', '2', '3'])
  })
  it('leaves the fourth healer out', () => {
    const pool = solos([...times(4, { class: ['healer'] }), ...times(5, {})])
    const [ids] = matchedIds({ ruleSet, pool })
    expect(ids).toHaveLength(8)
    expect(ids).not.toContain('t4')
  })
  it('widens the spread when the newest ticket is 15 s old', () => {
    const pool = solos([...times(5, { rating: 500 }), { rating: 900 }])
    expect(shapes({ ruleSet, pool, at: 14 })).toEqual([])
    expect(shapes({ ruleSet, pool, at: 15 })).toEqual(['2/2/2'])
  })
})

describe('07 latency with expansions', () => {
  const ruleSet = fixtureRuleSet('07-latency-expansions')
  it('matches four who are near at once, and a far one after 25 s', () => {
    expect(shapes({ ruleSet, pool: inRegion(30, 40, 20, 44) })).toEqual(['2/2'])
    expect(shapes({ ruleSet, pool: inRegion(30, 40, 20, 100), at: 24 })).toEqual([])
    expect(shapes({ ruleSet, pool: inRegion(30, 40, 20, 100), at: 25 })).toEqual(['2/2'])
  })
  it('never matches a player without latency', () => {
    const pool = [...inRegion(30, 40, 20), aTicket('none', [{}])]
    expect(shapes({ ruleSet, pool, at: 9999 })).toEqual([])
  })
  it('never matches players who have no region in common', () => {
    const pool = ['a', 'b', 'c', 'd'].map((region) => aTicket(region, [{ latencyMs: { [region]: 10 } }]))
    expect(shapes({ ruleSet, pool, at: 9999 })).toEqual([])
  })
})

describe('08 maps and modes', () => {
  const ruleSet = fixtureRuleSet('08-collections-maps-modes')
  it('matches four who agree', () => {
    expect(shapes({ ruleSet, pool: solos(times(4, { maps: ['harbor', 'ruins'], modes: ['capture'] })) })).toEqual([
      '2/2',
    ])
  })
  it('waits 20 s for a second friend of the harbor', () => {
    const pool = solos([{ maps: ['harbor', 'ruins'] }, ...times(3, { maps: ['ruins'] })])
    expect(shapes({ ruleSet, pool, at: 19 })).toEqual([])
    expect(shapes({ ruleSet, pool, at: 20 })).toEqual(['2/2'])
  })
  it('respects a ban on the only common map', () => {
    const pool = solos([...times(3, { maps: ['ruins'] }), { maps: ['ruins'], banned: ['ruins'] }])
    expect(shapes({ ruleSet, pool, at: 9999 })).toEqual([])
  })
})

describe('13 party aggregation', () => {
  const ruleSet = fixtureRuleSet('13-party-aggregation')
  const power = (...values: number[]) => values.map((value) => ({ attributes: { power: value } }))
  const alone = solos([{ power: 38 }, { power: 45 }])
  it('counts a party by its strongest member', () => {
    expect(shapes({ ruleSet, pool: [party('duo', power(10, 40)), ...alone] })).toEqual(['2/2'])
  })
  it('never matches a party without a tag in common', () => {
    const tags = [{ attributes: { power: 40, tags: ['casual'] } }, { attributes: { power: 40, tags: ['ranked'] } }]
    expect(shapes({ ruleSet, pool: [party('duo', tags), ...alone], at: 9999 })).toEqual([])
  })
})

describe('14 teams of many kinds', () => {
  const ruleSet = fixtureRuleSet('14-multi-quantity-teams')
  it('leaves the optional team empty when there are ten, and fills all with thirteen', () => {
    expect(shapes({ ruleSet, pool: solos(times(10, {})) })).toEqual(['0/2/2/2/2/1/1'])
    expect(shapes({ ruleSet, pool: solos(times(13, {})) })).toEqual(['1/2/2/2/2/2/2'])
  })
})

describe('17 avoid list', () => {
  const ruleSet = fixtureRuleSet('17-avoid-list-soft')
  it('keeps a player apart from one they avoid until the newest is 45 s old', () => {
    const pool = [
      aTicket('a', [{ id: 'A', attributes: { avoid: ['B'] } }]),
      aTicket('b', [{ id: 'B' }]),
      ...solos([{}, {}]),
    ]
    expect(shapes({ ruleSet, pool, at: 44 })).toEqual([])
    expect(shapes({ ruleSet, pool, at: 45 })).toEqual(['2/2'])
  })
})

describe('19 fewer players with time', () => {
  const ruleSet = fixtureRuleSet('19-min-players-ladder')
  it('goes by the age of each candidate set, not of a ticket', () => {
    const raid = [{ attributes: { raid: 'one' } }]
    const pool = [aTicket('first', raid), aTicket('second', raid, { at: 30 })]
    expect(matchedIds({ ruleSet, pool, at: 50 })).toEqual([])
    expect(matchedIds({ ruleSet, pool, at: 79.9 })).toEqual([])
    expect(matchedIds({ ruleSet, pool, at: 80 })).toEqual([['first', 'second']])
  })
})

describe('20 all different', () => {
  const ruleSet = fixtureRuleSet('20-all-different-picks')
  it('matches three different champions and no mirror', () => {
    expect(shapes({ ruleSet, pool: solos([{ champion: 1 }, { champion: 2 }, { champion: 3 }]) })).toEqual(['1/1/1'])
    expect(shapes({ ruleSet, pool: solos([{ champion: 1 }, { champion: 1 }, { champion: 2 }]) })).toEqual([])
  })
})

describe('09 compound rule', () => {
  const ruleSet = fixtureRuleSet('09-compound-rule')
  it('lets the leaves be met one way or the other', () => {
    expect(shapes({ ruleSet, pool: solos([{ points: 100 }, { points: 140 }]) })).toEqual(['1/1'])
    const friendly: Attributes[] = [
      { ladder: 'gold', friendly: 1 },
      { ladder: 'silver', friendly: 1, points: 900 },
    ]
    expect(shapes({ ruleSet, pool: solos(friendly) })).toEqual(['1/1'])
    expect(shapes({ ruleSet, pool: solos([{ ladder: 'gold' }, { ladder: 'silver' }]), at: 9999 })).toEqual([])
  })
  it('expands a leaf', () => {
    const pool = solos([{ points: 100 }, { points: 160 }])
    expect(shapes({ ruleSet, pool, at: 14 })).toEqual([])
    expect(shapes({ ruleSet, pool, at: 15 })).toEqual(['1/1'])
  })
  it('never lets a leaf under "not" hold', () => {
    expect(shapes({ ruleSet, pool: solos([{ points: 9500 }, { points: 9500 }]), at: 9999 })).toEqual([])
  })
})

describe('10 absolute sort', () => {
  const ruleSet = fixtureRuleSet('10-absolute-sort')
  it("reads the anchor's favourite from every ticket", () => {
    const votes: Record<string, number>[] = [
      { foundry: 5, dunes: 9 },
      { dunes: 1 },
      { dunes: 3 },
      { dunes: 10 },
      { dunes: 7 },
    ]
    expect(matchedIds({ ruleSet, pool: solos(votes.map((arenaVotes) => ({ arenaVotes }))) })).toEqual([
      ['t1', 't4', 't5', 't3'],
    ])
  })
  it('puts tickets without the key last and sorts equals by the second rule', () => {
    const pool = solos([
      { arenaVotes: { dunes: 9 } },
      { arenaVotes: { foundry: 99 }, level: 99 },
      { arenaVotes: { dunes: 2 }, level: 1 },
      { arenaVotes: { dunes: 2 }, level: 5 },
      { arenaVotes: { dunes: 2 }, level: 3 },
    ])
    expect(matchedIds({ ruleSet, pool })).toEqual([['t1', 't4', 't5', 't3']])
  })
})

describe('11 distance sort', () => {
  const ruleSet = fixtureRuleSet('11-distance-sort')
  it('takes the nearest first and leaves the farthest', () => {
    const pool = solos([10, 14, 30, 9, 11].map((level) => ({ level })))
    expect(matchedIds({ ruleSet, pool })).toEqual([['t1', 't4', 't5', 't2']])
  })
})

describe('12 cross platform', () => {
  const ruleSet = fixtureRuleSet('12-cross-platform')
  const six = (platform: (index: number) => string, input: (index: number) => string) =>
    solos(times(6, {}).map((_, index) => ({ platform: platform(index), input: input(index) })))
  const alternating = (one: string, other: string) => (index: number) => (index % 2 === 0 ? one : other)
  it('joins one platform whatever the input, and two platforms with one input', () => {
    expect(shapes({ ruleSet, pool: six(() => 'pc', alternating('pad', 'mouse')) })).toEqual(['3/3'])
    expect(shapes({ ruleSet, pool: six(alternating('pc', 'box'), () => 'pad') })).toEqual(['3/3'])
  })
  it('keeps two platforms with two inputs apart', () => {
    expect(shapes({ ruleSet, pool: six(alternating('pc', 'box'), alternating('pad', 'mouse')) })).toEqual([])
  })
})

describe('15 backfill first', () => {
  const ruleSet = fixtureRuleSet('15-backfill-first-sorted-oldest')
  const backfill = { automatic: true, region: null }
  const session = aTicket('session', [{ team: 'heroes' }, { team: 'heroes' }], { at: 5, arrival: 9, backfill })
  it('lets older players join the waiting session', () => {
    expect(matchedIds({ ruleSet, pool: [...solos([{}, {}]), session], at: 6 })).toEqual([['session', 't1', 't2']])
  })
  it('never matches a backfill ticket alone, though enough players are in it', () => {
    expect(matchedIds({ ruleSet, pool: [session], at: 60 })).toEqual([])
  })
  it('goes by the age of the oldest ticket', () => {
    expect(matchedIds({ ruleSet, pool: solos([{}]), at: 29 })).toEqual([])
    expect(matchedIds({ ruleSet, pool: solos([{}]), at: 30 })).toEqual([['t1']])
  })
})

describe('16 batch distance', () => {
  const ruleSet = fixtureRuleSet('16-batch-distance-small')
  const divisions = (...values: number[]) => solos(values.map((division) => ({ division })))
  it('joins divisions within two of each other, later within four', () => {
    const [shape] = shapes({ ruleSet, pool: divisions(5, 6, 7) })
    expect(shape?.split('/').sort()).toEqual(['1', '2'])
    expect(shapes({ ruleSet, pool: divisions(5, 8), at: 9 })).toEqual([])
    expect(shapes({ ruleSet, pool: divisions(5, 8), at: 10 })).toEqual(['1/1'])
  })
  it('never joins two languages', () => {
    expect(shapes({ ruleSet, pool: solos([{ language: 'en' }, { language: 'de' }]), at: 9999 })).toEqual([])
  })
})

describe('18 balanced', () => {
  const ruleSet = fixtureRuleSet('18-balanced-small-24')
  it('makes two teams of twelve with equal averages', () => {
    const pool = solos([...times(12, { elo: 900 }), ...times(12, { elo: 1100 })])
    expect(shapes({ ruleSet, pool })).toEqual(['12/12'])
    const [match] = runPass({ ruleSet, pool }).matches
    const lions = match?.tickets
      .filter(({ teams }) => teams[0] === 'lions')
      .map(({ ticketId }) => Number(ticketId.slice(1)))
    expect(lions?.filter((number) => number <= 12)).toHaveLength(6)
  })
  it('exchanges players until the averages are as close as they get', () => {
    const elos = [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1030]
    const pool = solos(elos.map((elo) => ({ elo })))
    const [match] = runPass({ ruleSet, pool, at: 1 }).matches
    const sum = (team: string) =>
      (match?.tickets ?? []).reduce(
        (total, { ticketId, teams }) => total + (teams[0] === team ? (elos[Number(ticketId.slice(1)) - 1] ?? 0) : 0),
        0,
      )
    expect(Math.abs(sum('lions') - sum('hawks'))).toBeLessThanOrEqual(1)
  })
  it('keeps brackets apart', () => {
    const pool = solos([...times(6, {}), ...times(6, { bracket: 'pro' })])
    expect(shapes({ ruleSet, pool, at: 9999 })).toEqual([])
  })
})
