import type { EnvironmentView } from '#lib/tickets/views.ts'

/** One word of a POSIX shell, whatever the text holds: quoted with '…' unless every character is harmless. */
export function shellQuote(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}

type Where = Pick<EnvironmentView, 'region' | 'endpoint'>

function command(where: Where, operation: string, ...args: string[]): string {
  const endpoint = where.endpoint === null ? [] : ['--endpoint-url', shellQuote(where.endpoint)]
  return ['aws', 'gamelift', operation, ...args, '--region', shellQuote(where.region), ...endpoint].join(' ')
}

/** A value that could be read as an option keeps its place with `=`. */
function option(name: string, value: string): string {
  return value.startsWith('-') ? shellQuote(`${name}=${value}`) : `${name} ${shellQuote(value)}`
}

export function describeTicketCommand(where: Where, ticketId: string): string {
  return command(where, 'describe-matchmaking', option('--ticket-ids', ticketId))
}

export function cancelTicketCommand(where: Where, ticketId: string): string {
  return command(where, 'stop-matchmaking', option('--ticket-id', ticketId))
}

/** One command per ticket: GameLift takes players of one ticket at a time. */
export function answerCommand(
  where: Where,
  answer: 'ACCEPT' | 'REJECT',
  answers: readonly { ticketId: string; playerIds: readonly string[] }[],
): string {
  return answers
    .map(({ ticketId, playerIds }) =>
      command(
        where,
        'accept-match',
        option('--ticket-id', ticketId),
        '--player-ids',
        // As JSON when a plain list would be misread: an option-like id, or one that looks like JSON or a file.
        playerIds.some((id) => /^[-[{]|:\/\//.test(id))
          ? shellQuote(JSON.stringify(playerIds))
          : playerIds.map(shellQuote).join(' '),
        '--acceptance-type',
        answer,
      ),
    )
    .join('\n')
}

export function describeSessionCommand(where: Where, gameSessionArn: string): string {
  return command(where, 'describe-game-sessions', option('--game-session-id', gameSessionArn))
}

/** API shape of the players of a backfill request. */
export interface BackfillPlayerInput {
  PlayerId: string
  Team: string
  PlayerAttributes?: Record<string, unknown>
}

export function startBackfillCommand(
  where: Where,
  backfill: { configuration: string; gameSessionArn: string; players: readonly BackfillPlayerInput[] },
): string {
  return command(
    where,
    'start-match-backfill',
    option('--configuration-name', backfill.configuration),
    option('--game-session-arn', backfill.gameSessionArn),
    '--players',
    shellQuote(JSON.stringify(backfill.players)),
  )
}
