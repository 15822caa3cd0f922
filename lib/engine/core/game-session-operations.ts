/** The game session side of the API: describe, search, update, terminate. */
import { cancelBackfillOfEndedSession } from './cancel.ts'
import { Refusal } from './contract.ts'
import { defaultFleet, fleetOfAlias, fleetsOfQueue } from './fleets.ts'
import { beginTermination, gameSessionView, playerSessionView } from './game-sessions.ts'
import { DEFAULT_PAGE, pageOf } from './pages.ts'
import { schedulePass } from './pool.ts'
import { parseFilter, parseSort } from './search-filter.ts'
import type { GameProperty, GameSessionState, PlayerSessionState, State } from './state.ts'
import type { Turn } from './turn.ts'

const MOST_SEARCH_RESULTS = 20
const MOST_PLAYERS = 200
const MOST_PROPERTIES = 16

interface Page {
  Limit?: number
  NextToken?: string
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidRequestException', message)
}

function onlyOne(input: object, names: string[]): void {
  const given = names.filter((name) => (input as Record<string, unknown>)[name])
  if (given.length === 1) return
  throw invalid(
    `Exactly one of ${names.join(', ')} must be given; ${given.length === 0 ? 'none' : given.join(' and ')} is.`,
  )
}

/** Throws NotFoundException. */
function findGameSession(state: State, arn: string): GameSessionState {
  const session = state.gameSessions.get(arn)
  if (!session) throw new Refusal('NotFoundException', `Game session ${arn} does not exist.`)
  return session
}

/** Throws NotFoundException for a fleet or alias that no queue names and no session runs on. */
function sessionsOfFleet(
  state: State,
  { FleetId, AliasId }: { FleetId?: string; AliasId?: string },
): GameSessionState[] {
  const fleets = [defaultFleet(state), ...[...state.queues.values()].flatMap((queue) => fleetsOfQueue(state, queue))]
  // The ARN of a fleet names it as well as its id.
  const fleetId = AliasId ? fleetOfAlias(state, lastPart(AliasId)).fleetId : lastPart(FleetId ?? '')
  const sessions = [...state.gameSessions.values()].filter((session) => session.fleetId === fleetId)
  if (sessions.length === 0 && !fleets.some((fleet) => fleet.fleetId === fleetId)) {
    throw new Refusal('NotFoundException', `${AliasId ? `Alias ${AliasId}` : `Fleet ${FleetId}`} does not exist.`)
  }
  return sessions
}

function lastPart(idOrArn: string): string {
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1)
}

interface DescribeInput extends Page {
  FleetId?: string
  AliasId?: string
  GameSessionId?: string
  Location?: string
  StatusFilter?: string
}

function describedSessions(state: State, operation: string, input: DescribeInput) {
  onlyOne(input, ['FleetId', 'AliasId', 'GameSessionId'])
  const sessions = input.GameSessionId ? [findGameSession(state, input.GameSessionId)] : sessionsOfFleet(state, input)
  const wanted = sessions.filter(
    ({ location, status }) =>
      (!input.Location || location === input.Location) && (!input.StatusFilter || status === input.StatusFilter),
  )
  return pageOf(wanted, ({ ordinal }) => ordinal, {
    operation,
    limit: input.Limit ?? DEFAULT_PAGE,
    nextToken: input.NextToken,
  })
}

export function describeGameSessions(state: State, input: DescribeInput) {
  const { items, nextToken } = describedSessions(state, 'DescribeGameSessions', input)
  return {
    GameSessions: items.map((session) => gameSessionView(state, session)),
    ...(nextToken && { NextToken: nextToken }),
  }
}

export function describeGameSessionDetails(state: State, input: DescribeInput) {
  const { items, nextToken } = describedSessions(state, 'DescribeGameSessionDetails', input)
  return {
    GameSessionDetails: items.map((session) => ({
      GameSession: gameSessionView(state, session),
      ProtectionPolicy: session.protection,
    })),
    ...(nextToken && { NextToken: nextToken }),
  }
}

interface SearchInput extends Page {
  FleetId?: string
  AliasId?: string
  Location?: string
  FilterExpression?: string
  SortExpression?: string
}

/** ACTIVE sessions only. Without a sort in order of creation, which is as good as any. */
export function searchGameSessions(state: State, input: SearchInput) {
  onlyOne(input, ['FleetId', 'AliasId'])
  const filter = input.FilterExpression?.trim() ? parseFilter(input.FilterExpression) : () => true
  const sort = input.SortExpression?.trim() ? parseSort(input.SortExpression) : null
  const found = sessionsOfFleet(state, input).filter(
    (session) =>
      session.status === 'ACTIVE' && (!input.Location || session.location === input.Location) && filter(session),
  )
  if (sort) found.sort(sort)
  // With a sort the order can change between pages, so a page begins at a place instead of after a session.
  const { items, nextToken } = pageOf(found, ({ ordinal }, index) => (sort ? index : ordinal), {
    operation: 'SearchGameSessions',
    limit: Math.min(input.Limit ?? MOST_SEARCH_RESULTS, MOST_SEARCH_RESULTS),
    nextToken: input.NextToken,
  })
  return {
    GameSessions: items.map((session) => gameSessionView(state, session)),
    ...(nextToken && { NextToken: nextToken }),
  }
}

interface PlayerSessionsInput extends Page {
  PlayerSessionId?: string
  GameSessionId?: string
  PlayerId?: string
  PlayerSessionStatusFilter?: string
}

export function describePlayerSessions(state: State, input: PlayerSessionsInput) {
  onlyOne(input, ['PlayerSessionId', 'GameSessionId', 'PlayerId'])
  const known = (ids: string[]): PlayerSessionState[] => ids.map((id) => state.playerSessions.get(id)!)
  if (input.PlayerSessionId) {
    const player = state.playerSessions.get(input.PlayerSessionId)
    if (!player) throw new Refusal('NotFoundException', `Player session ${input.PlayerSessionId} does not exist.`)
    return { PlayerSessions: [playerSessionView(state, player)] }
  }
  const all = input.PlayerId
    ? known(state.playerSessionsByPlayer.get(input.PlayerId) ?? []).sort((one, other) => one.ordinal - other.ordinal)
    : known(findGameSession(state, input.GameSessionId!).playerSessionIds).filter(
        ({ status }) => !input.PlayerSessionStatusFilter || status === input.PlayerSessionStatusFilter,
      )
  const { items, nextToken } = pageOf(all, ({ ordinal }) => ordinal, {
    operation: 'DescribePlayerSessions',
    limit: input.Limit ?? DEFAULT_PAGE,
    nextToken: input.NextToken,
  })
  return {
    PlayerSessions: items.map((player) => playerSessionView(state, player)),
    ...(nextToken && { NextToken: nextToken }),
  }
}

interface UpdateInput {
  GameSessionId: string
  MaximumPlayerSessionCount?: number
  Name?: string
  PlayerSessionCreationPolicy?: 'ACCEPT_ALL' | 'DENY_ALL'
  ProtectionPolicy?: 'NoProtection' | 'FullProtection'
  GameProperties?: GameProperty[]
}

/** Properties are added or changed, never removed. */
export function updateGameSession(turn: Turn, input: UpdateInput) {
  const { state } = turn
  const session = findGameSession(state, input.GameSessionId)
  requireActive(session, 'updated')
  const maximumPlayers = input.MaximumPlayerSessionCount ?? session.maximumPlayers
  if (maximumPlayers > MOST_PLAYERS) throw invalid(`A game session can have at most ${MOST_PLAYERS} player sessions.`)
  const properties = mergedProperties(session.properties, input.GameProperties)
  session.maximumPlayers = maximumPlayers
  session.name = input.Name ?? session.name
  session.policy = input.PlayerSessionCreationPolicy ?? session.policy
  session.protection = input.ProtectionPolicy ?? session.protection
  session.properties = properties
  // A session closed to players fails its backfill, at the next pass.
  for (const ticketId of session.backfillTicketIds) {
    const { configurationName } = state.tickets.get(ticketId)!
    schedulePass(turn, state.configurations.get(configurationName)!)
  }
  return { GameSession: gameSessionView(state, session) }
}

function mergedProperties(present: GameProperty[] | null, added: GameProperty[] | undefined): GameProperty[] | null {
  if (!added) return present
  const merged = new Map([...(present ?? []), ...added].map(({ Key, Value }) => [Key, Value]))
  if (merged.size > MOST_PROPERTIES)
    throw invalid(`A game session can have at most ${MOST_PROPERTIES} game properties.`)
  return Array.from(merged, ([Key, Value]) => ({ Key, Value }))
}

interface TerminateInput {
  GameSessionId: string
  TerminationMode: 'TRIGGER_ON_PROCESS_TERMINATE' | 'FORCE_TERMINATE'
}

export function terminateGameSession(turn: Turn, { GameSessionId, TerminationMode }: TerminateInput) {
  const session = findGameSession(turn.state, GameSessionId)
  requireActive(session, 'terminated')
  const forced = TerminationMode === 'FORCE_TERMINATE'
  beginTermination(turn, session, forced ? 'FORCE_TERMINATED' : 'TRIGGERED_ON_PROCESS_TERMINATE')
  cancelBackfillOfEndedSession(turn, session)
  return { GameSession: gameSessionView(turn.state, session) }
}

function requireActive({ arn, status }: GameSessionState, what: string): void {
  if (status === 'ACTIVE') return
  throw new Refusal(
    'InvalidGameSessionStatusException',
    `Game session ${arn} is in ${status} status and cannot be ${what}.`,
  )
}
