/**
 * Tickets as a snapshot holds them: there may be a million, so what most of them lack is left out, and what players have
 * in common is written once.
 */
import { NOTHING_COUNTED } from './metrics.ts'
import { type Layout, PlayerShape } from './player-shape.ts'
import { PlayerState, type PlayerValues } from './player-state.ts'
import { sharedText } from './shared-values.ts'
import type { ConfigurationState, TicketState } from './state.ts'

type Attribute = [name: string, member: 'S' | 'N' | 'SL' | 'SDM', ...keys: string[]]
export interface SavedShape {
  attributes: Attribute[] | null
  latencies: string[] | null
}
/** `shape`: index in the list of shapes. */
type SavedPlayer = [playerId: string, shape: number, values: PlayerValues, team?: string]

/** Absent: the initial value, or for the ARN that of the configuration. */
export type SavedTicket = Pick<
  TicketState,
  'ticketId' | 'configurationName' | 'kind' | 'status' | 'startTimeMs' | 'arrival'
> & { players: SavedPlayer[] } & Partial<Omit<TicketState, 'players' | 'place' | 'listPlace'>>

export function saveTickets(
  tickets: Iterable<TicketState>,
  configurations: ReadonlyMap<string, ConfigurationState>,
): { shapes: SavedShape[]; tickets: SavedTicket[] } {
  const shapes: SavedShape[] = []
  const byText = new Map<string, number>()
  const indexes = new Map<PlayerShape, number>()
  const indexOf = (shape: PlayerShape): number => indexes.get(shape) ?? list(shape)
  const list = (shape: PlayerShape): number => {
    // Equal shapes are not always the same one, but they are when the snapshot has been read.
    const saved = saveShape(shape.layout)
    const text = JSON.stringify(saved)
    const index = byText.get(text) ?? shapes.push(saved) - 1
    byText.set(text, index)
    indexes.set(shape, index)
    return index
  }
  const saved = Array.from(tickets, (ticket) => saveTicket(ticket, configurations, indexOf))
  return { shapes, tickets: saved }
}

function saveTicket(
  ticket: TicketState,
  configurations: ReadonlyMap<string, ConfigurationState>,
  indexOf: (shape: PlayerShape) => number,
): SavedTicket {
  const { ticketId, configurationName, kind, status, startTimeMs, arrival, players } = ticket
  const saved: SavedTicket = {
    ...{ ticketId, configurationName, kind, status, startTimeMs, arrival },
    players: players.map(({ playerId, shape, values, team }) =>
      team === null ? [playerId, indexOf(shape), values] : [playerId, indexOf(shape), values, team],
    ),
  }
  const { configurationArn } = ticket
  if (configurations.get(configurationName)?.arn !== configurationArn) saved.configurationArn = configurationArn
  if (ticket.statusReason !== null) saved.statusReason = ticket.statusReason
  if (ticket.statusMessage !== null) saved.statusMessage = ticket.statusMessage
  if (ticket.endTimeMs !== null) saved.endTimeMs = ticket.endTimeMs
  if (ticket.gameSessionArn !== null) saved.gameSessionArn = ticket.gameSessionArn
  if (ticket.matchId !== null) saved.matchId = ticket.matchId
  if (ticket.teams !== null) saved.teams = ticket.teams
  if (ticket.metrics.length > 0) saved.metrics = ticket.metrics
  if (ticket.connection !== null) saved.connection = ticket.connection
  return saved
}

function saveShape({ attributes, latencies }: Layout): SavedShape {
  return {
    attributes: attributes?.map(({ name, member, keys }) => [name, member, ...keys.map((key) => key.name)]) ?? null,
    latencies: latencies?.map(({ name }) => name) ?? null,
  }
}

/** The form of `createTicket`, its texts no copies of their own. */
export function restoreTickets(
  tickets: SavedTicket[],
  shapes: SavedShape[],
  configurations: ReadonlyMap<string, ConfigurationState>,
): TicketState[] {
  const known = shapes.map(restoreShape)
  return tickets.map((saved) => {
    const configuration = configurations.get(saved.configurationName)
    return {
      ticketId: saved.ticketId,
      configurationName: configuration?.name ?? sharedText(saved.configurationName),
      configurationArn: sharedText(saved.configurationArn ?? configuration!.arn),
      kind: saved.kind,
      status: saved.status,
      statusReason: saved.statusReason ? sharedText(saved.statusReason) : null,
      statusMessage: saved.statusMessage ? sharedText(saved.statusMessage) : null,
      startTimeMs: saved.startTimeMs,
      endTimeMs: saved.endTimeMs ?? null,
      arrival: saved.arrival,
      players: saved.players.map(([playerId, shape, values, team]) =>
        PlayerState.restored(playerId, known[shape]!, values, team ?? null),
      ),
      gameSessionArn: saved.gameSessionArn ?? null,
      matchId: saved.matchId ?? null,
      teams: saved.teams ?? null,
      metrics: saved.metrics ?? NOTHING_COUNTED,
      connection: saved.connection ?? null,
      place: -1,
      listPlace: -1,
    }
  })
}

function restoreShape({ attributes, latencies }: SavedShape): PlayerShape {
  let shape = PlayerShape.none()
  if (attributes) shape = shape.with('attributes')
  for (const [name, member, ...keys] of attributes ?? []) {
    shape = shape.with(member, name)
    for (const key of keys) shape = shape.with('key', key)
  }
  if (latencies) shape = shape.with('latencies')
  for (const region of latencies ?? []) shape = shape.with('region', region)
  return shape
}
