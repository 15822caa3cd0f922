/**
 * Outcomes on demand. Each comes about by the steps by which it would come about in time, with the same events in the same
 * order; those are marked as forced, and so is whatever follows from a forced match.
 *
 *   POST /lab/force/match               {"ticketIds":["a","b"],"teams":{"a":"red"},"configurationName":"duel"}; teams (by
 *                                       ticket, some or all) and configurationName may be left out. Rules may be broken,
 *                                       team sizes not. Answers {"matchId","tickets":[{"ticketId","status","statusReason",
 *                                       "teams"}],"brokenRules":["…"],"unmatchable":[{"ticketId","reason"}]}
 *   POST /lab/force/acceptance-timeout  {"matchId":"…"} or {"ticketId":"…"} of a match in REQUIRES_ACCEPTANCE
 *   POST /lab/force/placement-failure   the same, of a match in PLACING
 *   POST /lab/force/placement-timeout   the same, of a match that a queue places
 *   POST /lab/force/ticket-timeout      {"ticketId":"…"} of a ticket in QUEUED or SEARCHING
 *
 * Those answer {"matchId","tickets":[{"ticketId","status","statusReason"}]}, as it is afterwards. Every force is a journaled
 * command. 400 NotFoundException or InvalidRequestException names the ticket or match and what stands in the way.
 */
import type { ForceCommand, MatchReference } from '#lib/engine/core/contract.ts'
import type { Shell } from '#lib/engine/shell.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'
import { invalid, members } from './body.ts'

/** A match has 200 players at most. */
const MOST_TICKETS = 200

export function forceRoutes(shell: Pick<Shell, 'force'>): PlainRoute[] {
  const route = (path: string, read: (body: unknown) => ForceCommand): PlainRoute => ({
    method: 'POST',
    path: `/lab/force/${path}`,
    answer: async (body) => ({ status: 200, body: await shell.force(read(body)) }),
  })
  return [
    route('match', (body) => ({ operation: 'ForceMatch', input: matchInput(body) })),
    route('acceptance-timeout', (body) => ({ operation: 'ForceAcceptanceTimeout', input: matchReference(body) })),
    route('placement-failure', (body) => ({ operation: 'ForcePlacementFailure', input: matchReference(body) })),
    route('placement-timeout', (body) => ({ operation: 'ForcePlacementTimeout', input: matchReference(body) })),
    route('ticket-timeout', (body) => ({ operation: 'ForceTicketTimeout', input: ticketReference(body) })),
  ]
}

function matchInput(body: unknown) {
  const { ticketIds, teams, configurationName } = members(body, 'The body', ['ticketIds', 'teams', 'configurationName'])
  if (!Array.isArray(ticketIds) || ticketIds.length > MOST_TICKETS) {
    throw invalid(`ticketIds must be a list of at most ${MOST_TICKETS} ticket ids.`)
  }
  return {
    ticketIds: ticketIds.map((ticketId, index) => text(ticketId, `ticketIds[${index}]`)),
    ...(teams !== undefined && { teams: teamsByTicket(teams) }),
    ...(configurationName !== undefined && { configurationName: text(configurationName, 'configurationName') }),
  }
}

function teamsByTicket(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('teams must be an object.')
  return Object.fromEntries(
    Object.entries(value).map(([ticketId, team]) => [ticketId, text(team, `teams[${JSON.stringify(ticketId)}]`)]),
  )
}

function matchReference(body: unknown): MatchReference {
  const { matchId, ticketId } = members(body, 'The body', ['matchId', 'ticketId'])
  if ((matchId === undefined) === (ticketId === undefined)) throw invalid('Give either matchId or ticketId.')
  return matchId === undefined ? { ticketId: text(ticketId, 'ticketId') } : { matchId: text(matchId, 'matchId') }
}

function ticketReference(body: unknown) {
  return { ticketId: text(members(body, 'The body', ['ticketId']).ticketId, 'ticketId') }
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(`${what} must be a text.`)
}
