/** ForceMatch: a match of given tickets. It may break any rule, and says which; its shape is that of the rule set. */
import { type ForceMatchInput, type PoolTicket, Refusal } from './contract.ts'
import { fillTeams } from './fill-teams.ts'
import { outcomeOf } from './force-outcome.ts'
import { isOpenToPlayers } from './game-sessions.ts'
import { formMatch } from './matches.ts'
import { judgeMatch, teamSizes } from './matching/judge-match.ts'
import { type Plan, planFor, sizeCap } from './matching/plan.ts'
import type { TeamSize } from './matching/stages.ts'
import { hasKnownTeams, pickUpTicket } from './pass.ts'
import { poolTicketOf } from './pool.ts'
import type { ConfigurationState, State, TicketState } from './state.ts'
import { findTicket } from './ticket-operations.ts'
import { configurationOf, ruleSetOf, type Turn } from './turn.ts'

/** Throws Refusal before anything has changed. */
export function forceMatch(turn: Turn, input: ForceMatchInput): Record<string, unknown> {
  const { state, nowMs } = turn
  const tickets = waitingTickets(state, input.ticketIds)
  const configuration = commonConfiguration(state, tickets, input.configurationName)
  const plan = planFor(ruleSetOf(state, configuration), state.options)
  checkBackfill(state, tickets, plan)
  const seen = tickets.map((ticket) => poolTicketOf(state, ticket))
  const teams = seatedTeams(plan, seen, chosenTeams(plan, tickets, input.teams ?? {}), configuration, nowMs)
  const { metrics, brokenRules, unmatchable } = judgeMatch(plan, seen, teams, nowMs)

  for (const ticket of tickets) if (ticket.status === 'QUEUED') pickUpTicket(turn, configuration, ticket)
  const found = tickets.map(({ ticketId, kind, players }, index) => {
    const own = plan.ruleSet.teams[teams[index]!]!.name
    return { ticketId, teams: players.map(({ team }) => (kind === 'new' ? own : team!)) }
  })
  formMatch(turn, configuration, { tickets: found, metrics })
  const matchId = tickets[0]!.matchId!
  state.forcedMatches.add(matchId)
  const outcome = outcomeOf(tickets).map((ticket, index) => ({ ...ticket, teams: found[index]!.teams }))
  return { matchId, tickets: outcome, brokenRules, unmatchable }
}

/** No player can be among them twice: of a player's waiting tickets the newest has superseded the others. */
function waitingTickets(state: State, ticketIds: string[]): TicketState[] {
  const tickets = ticketIds.map((ticketId) => findTicket(state, ticketId))
  tickets.forEach(({ ticketId, status }, index) => {
    if (status !== 'QUEUED' && status !== 'SEARCHING') {
      throw invalid(`Matchmaking ticket ${ticketId} is in ${status} status; only QUEUED and SEARCHING can be matched.`)
    }
    if (ticketIds.indexOf(ticketId) < index) throw invalid(`Matchmaking ticket ${ticketId} is named twice.`)
  })
  if (!tickets.some(({ kind }) => kind === 'new')) {
    throw invalid('ticketIds must name at least one ticket that is no backfill request.')
  }
  return tickets
}

function commonConfiguration(state: State, tickets: TicketState[], wanted: string | undefined): ConfigurationState {
  const name = wanted ?? tickets[0]!.configurationName
  const stranger = tickets.find(({ configurationName }) => configurationName !== name)
  if (stranger) {
    throw invalid(
      `Matchmaking ticket ${stranger.ticketId} is of configuration ${stranger.configurationName}, not of ${name}; a match has one configuration.`,
    )
  }
  return configurationOf(state, name)
}

function checkBackfill(state: State, tickets: TicketState[], { ruleSet }: Plan): void {
  const [backfill, second] = tickets.filter(({ kind }) => kind !== 'new')
  if (!backfill) return
  const { ticketId, gameSessionArn } = backfill
  if (second) throw invalid(`Matchmaking tickets ${ticketId} and ${second.ticketId} are both backfill requests.`)
  if (!hasKnownTeams(backfill, ruleSet)) {
    throw invalid(`Backfill request ${ticketId} has players on a team that the rule set does not have.`)
  }
  if (gameSessionArn !== null && !isOpenToPlayers(state.gameSessions.get(gameSessionArn))) {
    throw invalid(`The game session of backfill request ${ticketId} takes no players any more.`)
  }
}

/** Per ticket the index of the team asked for; null where none is, or where the players stand on teams already. */
function chosenTeams({ ruleSet }: Plan, tickets: TicketState[], wanted: Record<string, string>): (number | null)[] {
  for (const ticketId of Object.keys(wanted)) {
    const ticket = tickets.find((one) => one.ticketId === ticketId)
    if (!ticket) throw invalid(`teams names ticket ${ticketId}, which is not among ticketIds.`)
    if (ticket.kind !== 'new') throw invalid(`Backfill request ${ticketId} has its players on their teams already.`)
  }
  return tickets.map(({ ticketId }) => {
    const name = Object.hasOwn(wanted, ticketId) ? wanted[ticketId] : undefined
    if (name === undefined) return null
    const team = ruleSet.teams.findIndex((one) => one.name === name)
    if (team < 0) throw invalid(`Ticket ${ticketId} cannot be on team ${name}: the rule set has ${namesOf(ruleSet)}.`)
    return team
  })
}

const namesOf = ({ teams }: Plan['ruleSet']) => teams.map(({ name }) => name).join(', ')

/** Everyone's team, for a match of a legal size. */
function seatedTeams(
  plan: Plan,
  tickets: PoolTicket[],
  chosen: (number | null)[],
  { settings: { additionalPlayerCount } }: ConfigurationState,
  nowMs: number,
): number[] {
  const sizes = teamSizes(plan, tickets, nowMs)
  const count = tickets.reduce((sum, { players }) => sum + players.length, 0)
  const most = sizeCap(sizes, additionalPlayerCount)
  if (count > most) throw invalid(`The tickets have ${count} players; a match has at most ${most} now.`)
  const seated = sizes.map(() => 0)
  for (const { team } of tickets.flatMap(({ backfill, players }) => (backfill ? players : []))) {
    const index = plan.ruleSet.teams.findIndex(({ name }) => name === team)
    seated[index] = seated[index]! + 1
  }
  // Players of a backfill request are seated already, so as a party it has none left to place.
  const parties = tickets.map(({ backfill, players }) => (backfill ? 0 : players.length))
  const teams = fillTeams(parties, chosen, sizes, seated)
  if (!teams)
    throw invalid(`The tickets do not fill the teams: ${partiesInWords(tickets)}; ${sizesInWords(plan, sizes)}.`)
  return teams
}

function partiesInWords(tickets: PoolTicket[]): string {
  return tickets.map(({ ticketId, players }) => `${ticketId} has ${players.length}`).join(', ')
}

function sizesInWords({ ruleSet }: Plan, sizes: readonly TeamSize[]): string {
  return sizes
    .map(({ min, max }, index) => {
      const range = min === max ? `${min}` : `${min} to ${max}`
      return `team ${ruleSet.teams[index]!.name} takes ${range}`
    })
    .join(', ')
}

const invalid = (message: string) => new Refusal('InvalidRequestException', message)
