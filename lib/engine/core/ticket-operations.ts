/** StartMatchmaking, StartMatchBackfill, StopMatchmaking and DescribeMatchmaking. Every check comes before the first change. */
import { isFinal } from '#lib/flexmatch/status.ts'
import { turnOffAutomaticBackfill } from './automatic-backfill.ts'
import { cancelReplacedBackfill, cancelSuperseded, cancelTickets } from './cancel.ts'
import { findConfiguration } from './configurations.ts'
import { Refusal } from './contract.ts'
import { type PlayerInput, readPlayers } from './players.ts'
import type { GameSessionState, State, TicketState } from './state.ts'
import { createTicket, STOPPED, ticketView } from './tickets.ts'
import { ruleSetOf, type Turn } from './turn.ts'

const MOST_PLAYERS = 10
const MOST_BACKFILL_PLAYERS = 199
const MOST_DESCRIBED = 10

function invalid(message: string): Refusal {
  return new Refusal('InvalidRequestException', message)
}

interface StartInput {
  TicketId?: string
  ConfigurationName: string
  Players: PlayerInput[]
}

export function startMatchmaking(turn: Turn, input: StartInput) {
  const { state } = turn
  const configuration = findConfiguration(state, input.ConfigurationName)
  const count = input.Players.length
  if (count < 1 || count > MOST_PLAYERS)
    throw invalid(`A ticket has 1 to ${MOST_PLAYERS} players; this one has ${count}.`)
  checkTicketId(state, input.TicketId)
  const players = readPlayers(state, ruleSetOf(state, configuration), input.Players, { teams: 'ignored' })

  const alone = cancelSuperseded(turn, players)
  const ticketId = input.TicketId || turn.newId()
  const ticket = createTicket(turn, { ticketId, kind: 'new', configuration, players, session: null, alone })
  return { MatchmakingTicket: ticketView(state, ticket, turn.nowMs) }
}

/** An empty id counts as none. An id stays taken while its ticket is kept, finished or not. */
function checkTicketId(state: State, ticketId: string | undefined): void {
  if (ticketId && state.tickets.has(ticketId)) {
    throw invalid(`Matchmaking ticket ${ticketId} already exists. Use a new ticket id for a new request.`)
  }
}

export function startMatchBackfill(turn: Turn, input: StartInput & { GameSessionArn?: string }) {
  const { state } = turn
  const configuration = findConfiguration(state, input.ConfigurationName)
  const count = input.Players.length
  if (count > MOST_BACKFILL_PLAYERS) {
    throw invalid(`A backfill request has at most ${MOST_BACKFILL_PLAYERS} players; this one has ${count}.`)
  }
  checkTicketId(state, input.TicketId)
  // Standalone needs no session: the engine knows none to look it up in.
  const session =
    configuration.settings.flexMatchMode === 'WITH_QUEUE' ? findSession(state, input.GameSessionArn) : null
  const players = readPlayers(state, ruleSetOf(state, configuration), input.Players, { teams: 'required' })

  if (session) cancelReplacedBackfill(turn, session)
  const alone = cancelSuperseded(turn, players)
  const ticketId = input.TicketId || turn.newId()
  const ticket = createTicket(turn, { ticketId, kind: 'backfill', configuration, players, session, alone })
  return { MatchmakingTicket: ticketView(state, ticket, turn.nowMs) }
}

function findSession(state: State, arn: string | undefined): GameSessionState {
  if (!arn) throw invalid('GameSessionArn is needed for a matchmaking configuration with a queue.')
  const session = state.gameSessions.get(arn)
  if (!session) throw new Refusal('NotFoundException', `Game session ${arn} does not exist.`)
  if (session.status !== 'ACTIVE') {
    throw invalid(`Game session ${arn} is in ${session.status} status and does not accept new player sessions.`)
  }
  return session
}

/** Throws NotFoundException. */
export function findTicket(state: State, ticketId: string): TicketState {
  const ticket = state.tickets.get(ticketId)
  if (!ticket) throw new Refusal('NotFoundException', `Matchmaking ticket ${ticketId} does not exist.`)
  return ticket
}

export function stopMatchmaking(turn: Turn, { TicketId }: { TicketId: string }) {
  const ticket = findTicket(turn.state, TicketId)
  if (isFinal(ticket.status) || ticket.status === 'PLACING') {
    throw invalid(`Matchmaking ticket is in ${ticket.status} status and cannot be canceled.`)
  }
  turnOffAutomaticBackfill(turn, ticket)
  cancelTickets(turn, [ticket], STOPPED, { announce: true })
  return {}
}

/** In the order asked for, each ticket once; ids that are not known are left out. */
export function describeMatchmaking(state: State, { TicketIds }: { TicketIds: string[] }, nowMs: number) {
  if (TicketIds.length < 1 || TicketIds.length > MOST_DESCRIBED) {
    throw invalid(`TicketIds must have 1 to ${MOST_DESCRIBED} ticket ids; it has ${TicketIds.length}.`)
  }
  const known = [...new Set(TicketIds)].flatMap((ticketId) => state.tickets.get(ticketId) ?? [])
  return { TicketList: known.map((ticket) => ticketView(state, ticket, nowMs)) }
}
