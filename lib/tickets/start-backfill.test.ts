import { describe, expect, it } from 'vitest'
import { parseMatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'
import { backfillPlayers } from './start-backfill.ts'

const attributes = {
  skill: { attributeType: 'DOUBLE', valueAttribute: 10.5 },
  hero: { attributeType: 'STRING', valueAttribute: 'knight' },
  modes: { attributeType: 'STRING_LIST', valueAttribute: ['co-op', 'duel'] },
  ranks: { attributeType: 'STRING_DOUBLE_MAP', valueAttribute: { eu: 3, us: 7 } },
  unset: { attributeType: 'NONE', valueAttribute: null },
}
const data = parseMatchmakerData(
  JSON.stringify({
    teams: [
      { name: 'red', players: [{ playerId: 'ana', attributes }] },
      { name: 'blue', players: [{ playerId: 'bo', attributes: {} }, { playerId: 'cy' }] },
    ],
    autoBackfillMode: null,
    autoBackfillTicketId: null,
  }),
  'arn',
)

describe('the players of a backfill request', () => {
  it('are those of the matchmaker data with their teams and their attributes in the form of the API', () => {
    expect(backfillPlayers(data, [])).toEqual([
      {
        playerId: 'ana',
        team: 'red',
        attributes: {
          skill: { N: 10.5 },
          hero: { S: 'knight' },
          modes: { SL: ['co-op', 'duel'] },
          ranks: { SDM: { eu: 3, us: 7 } },
        },
      },
      { playerId: 'bo', team: 'blue', attributes: {} },
      { playerId: 'cy', team: 'blue', attributes: {} },
    ])
  })

  it('lack whoever the operator left out, and keep the team the session says, not the page', () => {
    const chosen = [
      { playerId: 'bo', team: 'blue', include: false },
      { playerId: 'ana', team: 'blue', include: true },
    ]
    expect(backfillPlayers(data, chosen).map(({ playerId, team }) => [playerId, team])).toEqual([
      ['ana', 'red'],
      ['cy', 'blue'],
    ])
  })

  it('cannot include somebody who is not in the session any more', () => {
    expect(() => backfillPlayers(data, [{ playerId: 'gone', team: 'red', include: true }])).toThrow(/gone is not in/)
  })
})

describe('matchmaker data', () => {
  it('that is absent or unreadable is refused with the name of the session', () => {
    expect(() => parseMatchmakerData(null, 'arn:x')).toThrow(/arn:x has no matchmaker data/)
    expect(() => parseMatchmakerData('{', 'arn:x')).toThrow(/arn:x cannot be read/)
    expect(() => parseMatchmakerData('{"teams":[{"name":1}]}', 'arn:x')).toThrow(/cannot be read/)
  })
})
