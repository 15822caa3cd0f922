/** The pool of each configuration: who is in it, how matching sees a ticket, and when the next pass is due. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { PoolTicket } from './contract.ts'
import { requestDeadlineMs } from './request-timeouts.ts'
import type { ConfigurationState, State, TicketState } from './state.ts'
import type { Turn } from './turn.ts'

/**
 * Makes the next pass due because the pool changed: one tick after the last one, or one tick from now if that is past,
 * so that tickets which arrive together are seen together.
 */
export function schedulePass({ state, nowMs }: Turn, configuration: ConfigurationState): void {
  if (configuration.queued.size + configuration.searching.size === 0) return
  const { tickMs } = state.options
  const cadence = (configuration.lastPassMs ?? Number.NEGATIVE_INFINITY) + tickMs
  schedulePassAt(state, configuration, cadence > nowMs ? cadence : nowMs + tickMs)
}

export function schedulePassAt(state: State, configuration: ConfigurationState, atMs: number): void {
  const present = state.passes.get(configuration.name)
  if (present === null || atMs < present) state.passes.set(configuration.name, atMs)
}

/** Of a ticket that came back from a match; the others stand in line (`request-timeouts.ts`). */
export function requestTimer(ticketId: string): string {
  return `ticket:${ticketId}`
}

/** A new ticket waits to be picked up by the next pass. */
export function enterQueue(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  configuration.queued.add(ticket.ticketId)
  turn.state.requestTimeouts.add(configuration, ticket)
  schedulePass(turn, configuration)
}

/** A ticket of a match that fell through is back among the searching. */
export function reenterPool(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  configuration.searching.add(ticket.ticketId)
  turn.state.timers.set(requestTimer(ticket.ticketId), requestDeadlineMs(configuration, ticket))
  schedulePass(turn, configuration)
}

/** Takes a ticket out, whether it was queued or searching; its request time-out no longer strikes. */
export function leavePool(state: State, configuration: ConfigurationState, ticket: TicketState): void {
  const { ticketId } = ticket
  if (!configuration.queued.delete(ticketId) && !configuration.searching.delete(ticketId)) return
  if (ticket.matchId === null) state.requestTimeouts.leave(ticket)
  else state.timers.delete(requestTimer(ticketId))
  // Another rule set may read it when it comes back.
  state.poolTickets.delete(ticketId)
  if (configuration.queued.size + configuration.searching.size === 0) state.passes.delete(configuration.name)
}

/** New settings count from the next pass on, also for tickets that wait already. */
export function applySettingsToPool(turn: Turn, configuration: ConfigurationState): void {
  const { state } = turn
  for (const ids of [configuration.queued, configuration.searching]) {
    for (const ticketId of ids) {
      state.poolTickets.delete(ticketId)
      const ticket = state.tickets.get(ticketId)!
      if (ticket.matchId !== null) state.timers.set(requestTimer(ticketId), requestDeadlineMs(configuration, ticket))
    }
  }
  state.requestTimeouts.settingsChanged()
  schedulePass(turn, configuration)
}

const TYPE_OF_MEMBER = { S: 'string', N: 'number', SL: 'string_list', SDM: 'string_number_map' } as const

/** The ticket as matching reads it: always the same object while the ticket and its rule set stay the same. */
export function poolTicketOf(state: State, ruleSet: RuleSet, ticket: TicketState): PoolTicket {
  const known = state.poolTickets.get(ticket.ticketId)
  if (known) return known
  const declared = new Map(ruleSet.playerAttributes.map(({ name, type }) => [name, type]))
  const session = ticket.gameSessionArn === null ? null : state.gameSessions.get(ticket.gameSessionArn)
  const made: PoolTicket = {
    ticketId: ticket.ticketId,
    backfill:
      ticket.kind === 'new' ? null : { automatic: ticket.kind === 'auto-backfill', region: session?.location ?? null },
    startTimeMs: ticket.startTimeMs,
    arrival: ticket.arrival,
    players: ticket.players.map((player) => ({
      playerId: player.playerId,
      team: player.team,
      attributes: usable(player.attributes ?? {}, declared),
      latencyMs: player.latencyMs && Object.assign(Object.create(null), player.latencyMs),
    })),
  }
  state.poolTickets.set(ticket.ticketId, made)
  return made
}

/**
 * Attributes of the declared type. Another type can only come from a rule set that was exchanged after the ticket was
 * taken: the value is then as good as missing. No prototype, so an attribute named "constructor" is not found by chance.
 */
function usable(attributes: Record<string, AttributeValue>, declared: Map<string, string>) {
  const result: Record<string, AttributeValue> = Object.create(null)
  for (const [name, value] of Object.entries(attributes)) {
    const type = declared.get(name)
    const member = Object.keys(value)[0] as keyof typeof TYPE_OF_MEMBER
    if (!type || TYPE_OF_MEMBER[member] === type) result[name] = value
  }
  return result
}
