import { expect, it } from 'vitest'
import type { SessionView, TicketRow } from '#lib/tickets/views.ts'
import { sessionCommands } from './session-commands.ts'

const where = { region: 'us-east-1', endpoint: null }
const live: NonNullable<SessionView['live']> = {
  status: 'ACTIVE',
  currentPlayers: 1,
  maximumPlayers: 2,
  ipAddress: null,
  dnsName: null,
  port: null,
  location: null,
  creationPolicy: null,
  teams: [
    {
      name: 'red',
      players: [{ playerId: 'ana', attributes: { skill: { attributeType: 'DOUBLE', valueAttribute: 10 } } }],
    },
  ],
  autoBackfillMode: 'AUTOMATIC',
  autoBackfillTicketId: 'b-1',
  matchmakerData: null,
  readAt: '2026-01-15T10:00:00.000Z',
}
const aSession = (given: Partial<SessionView> = {}): SessionView => ({
  gameSessionArn: 'arn:s',
  configuration: 'duel',
  matchId: 'm1',
  playerCount: 1,
  createdAt: '2026-01-15T10:00:00.000Z',
  updatedAt: '2026-01-15T10:00:00.000Z',
  source: 'event',
  told: null,
  live,
  unreadable: null,
  backfillTickets: [{ ticketId: 'b-1', status: 'SEARCHING' } as TicketRow],
  ...given,
})

it('stops the live backfill ticket once and starts a backfill with whom the session holds', () => {
  const [describe, stop, start, ...more] = sessionCommands(where, aSession())
  expect(describe?.command).toContain('describe-game-sessions')
  expect(stop).toEqual({
    name: 'Stop automatic backfill',
    command: 'aws gamelift stop-matchmaking --ticket-id b-1 --region us-east-1',
  })
  expect(start?.command).toContain('start-match-backfill --configuration-name duel --game-session-arn arn:s')
  expect(start?.command).toContain('{"PlayerId":"ana","Team":"red","PlayerAttributes":{"skill":{"N":10}}}')
  expect(more).toEqual([])
})

it('leaves out what cannot work: nothing to stop, or a session that takes nobody', () => {
  const over = { ...live, status: 'TERMINATED', autoBackfillTicketId: null }
  const names = (given: Partial<SessionView>) => sessionCommands(where, aSession(given)).map(({ name }) => name)
  expect(names({ live: over, backfillTickets: [] })).toEqual(['Describe session'])
  expect(names({ live: null, backfillTickets: [] })).toEqual(['Describe session'])
})
