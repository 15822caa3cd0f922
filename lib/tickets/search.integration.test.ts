import { expect, it } from 'vitest'
import { judge } from '#lib/access/judge.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { ingest } from './ingest.ts'
import { searchEverywhere } from './search.ts'
import { arrivalOf, fixtureEnvelopes } from './testing/arrivals.ts'

const database = testDatabase()
const environments = [
  anEnvironment({ name: 'dev', protection: 'open' }),
  anEnvironment({ name: 'prod', protection: 'protected' }),
  anEnvironment({ name: 'empty' }),
  anEnvironment({ name: 'mislabelled', protection: 'open', onProductionList: true }),
]

it('finds a ticket in every environment that knows it, and players only where the role may search for them', async () => {
  const { db } = database
  for (const name of ['dev', 'prod', 'mislabelled']) await ingest(db, name, fixtureEnvelopes().map(arrivalOf))
  const { rows } = await db.query<{ ticket_id: string; player_id: string }>(
    'select ticket_id, player_id from ticket_players where environment = $1 limit 1',
    ['dev'],
  )
  const { ticket_id: ticketId, player_id: playerId } = rows[0] ?? { ticket_id: '', player_id: '' }
  const names = async (role: 'viewer' | 'qa' | 'support', text: string) =>
    (
      await searchEverywhere(db, (action, where) => judge(role, action, where, []).refusal === null, environments, text)
    ).map(({ environment, kind }) => `${environment.name} ${kind}`)

  expect(await names('viewer', ` ${ticketId} `)).toEqual(['dev ticket', 'prod ticket', 'mislabelled ticket'])
  expect(await names('support', playerId)).toEqual(['dev player', 'prod player', 'mislabelled player'])
  expect(await names('qa', playerId)).toEqual(['dev player'])
  expect(await names('viewer', playerId)).toEqual([])
  for (const text of ['', 'no-such', 'a\0b', 'x'.repeat(2000)]) expect(await names('support', text)).toEqual([])
})
