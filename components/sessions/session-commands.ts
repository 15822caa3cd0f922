import { cancelTicketCommand, describeSessionCommand, startBackfillCommand } from '#components/tickets/cli-command.ts'
import type { CliCommand } from '#components/tickets/cli-commands.tsx'
import { apiAttributes } from '#lib/flexmatch/api-attributes.ts'
import type { EnvironmentView, SessionView } from '#lib/tickets/views.ts'

/** The commands that can work on this session as it was read. */
export function sessionCommands(
  where: Pick<EnvironmentView, 'region' | 'endpoint'>,
  { gameSessionArn, configuration, live, backfillTickets }: SessionView,
): CliCommand[] {
  const describe = { name: 'Describe session', command: describeSessionCommand(where, gameSessionArn) }
  const open = backfillTickets.filter(({ status }) => status !== 'PLACING').map(({ ticketId }) => ticketId)
  const named = live?.autoBackfillTicketId
  const stops = [...new Set(named ? [named, ...open] : open)].map((ticketId) => ({
    name: ticketId === named ? 'Stop automatic backfill' : 'Stop backfill',
    command: cancelTicketCommand(where, ticketId),
  }))
  if (live?.status !== 'ACTIVE' || configuration === null) return [describe, ...stops]
  const players = live.teams.flatMap((team) =>
    team.players.map(({ playerId, attributes }) => {
      const PlayerAttributes = apiAttributes(attributes)
      const known = Object.keys(PlayerAttributes).length > 0
      return { PlayerId: playerId, Team: team.name, ...(known ? { PlayerAttributes } : {}) }
    }),
  )
  if (players.length === 0) return [describe, ...stops]
  const command = startBackfillCommand(where, { configuration, gameSessionArn, players })
  return [describe, ...stops, { name: 'Start backfill', command }]
}
