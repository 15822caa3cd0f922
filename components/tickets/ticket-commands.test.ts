import { expect, it } from 'vitest'
import type { IndexedStatus } from '#lib/flexmatch/status.ts'
import { ticketCommands } from './ticket-commands.ts'

const cases: [IndexedStatus, string[]][] = [
  ['SEARCHING', ['Describe ticket', 'Cancel ticket']],
  ['REQUIRES_ACCEPTANCE', ['Describe ticket', 'Cancel ticket', 'Accept for all players', 'Reject for all players']],
  ['PLACING', ['Describe ticket']],
  ['COMPLETED', ['Describe ticket']],
  ['GONE', ['Describe ticket']],
]
it.each(cases)('a ticket that is %s has the commands that can work on it', (status, names) => {
  const ticket = { ticketId: 't1', status, kind: 'new' as const, requested: null, players: [{ playerId: 'ana' }] }
  expect(ticketCommands({ region: 'us-east-1', endpoint: null }, ticket).map(({ name }) => name)).toEqual(names)
})
