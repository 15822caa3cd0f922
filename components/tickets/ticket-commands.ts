import type { EnvironmentView, TicketView } from '#lib/tickets/views.ts'
import { whyNotCancel } from './cancel-words.ts'
import { answerCommand, cancelTicketCommand, describeTicketCommand } from './cli-command.ts'
import type { CliCommand } from './cli-commands.tsx'

/** The commands that can work on this ticket in the status it has. */
export function ticketCommands(
  where: Pick<EnvironmentView, 'region' | 'endpoint'>,
  ticket: Pick<TicketView, 'ticketId' | 'status' | 'kind' | 'requested'> & { players: readonly { playerId: string }[] },
): CliCommand[] {
  const { ticketId, status, kind, players } = ticket
  const commands = [{ name: 'Describe ticket', command: describeTicketCommand(where, ticketId) }]
  // A cancel that was only asked for so far may be asked for again.
  if (whyNotCancel({ ...ticket, requested: null }) === null)
    commands.push({ name: 'Cancel ticket', command: cancelTicketCommand(where, ticketId) })
  if (status !== 'REQUIRES_ACCEPTANCE' || kind !== 'new' || players.length === 0) return commands
  const answers = [{ ticketId, playerIds: players.map(({ playerId }) => playerId) }]
  return [
    ...commands,
    { name: 'Accept for all players', command: answerCommand(where, 'ACCEPT', answers) },
    { name: 'Reject for all players', command: answerCommand(where, 'REJECT', answers) },
  ]
}
