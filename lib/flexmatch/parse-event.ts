/**
 * From whatever was delivered to a fact we can rely on, or a refusal that names the thing and the reason. Strict about
 * what the index reads, tolerant of members it does not know.
 */
import {
  type EventFact,
  MATCHMAKING_EVENT_TYPES,
  type MatchmakingDetail,
  type MatchmakingEventType,
  PLACEMENT_EVENT_TYPES,
  type PlacementDetail,
  type PlacementEventType,
} from './events.ts'
import { findUnstorable } from './well-formed.ts'

/** A queue's word about one placement; `placementId` is the match id where FlexMatch asked for it. */
export interface PlacementEvent {
  id: string
  /** Epoch ms. */
  time: number
  queue: string
  detail: PlacementDetail
}
export type ParsedEnvelope =
  | { kind: 'matchmaking'; fact: EventFact; envelope: Record<string, unknown> }
  | { kind: 'placement'; event: PlacementEvent; envelope: Record<string, unknown> }
  | { kind: 'refused'; reason: string }

/** Event times before and after these are a broken clock or an attack, and PostgreSQL refuses some of them. */
const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(9999, 0, 1)
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
/** A match has at most 200 players. Far more are not FlexMatch's, and reading them would hold up everybody else. */
const MAX_LISTED = 1_000
const TICKET_ID = /^[a-zA-Z0-9.-]{1,128}$/

class Refused extends Error {}
type Members = Record<string, unknown>

/** Reads one EventBridge envelope. Never throws; `refused` carries the reason in words. */
export function parseEnvelope(value: unknown): ParsedEnvelope {
  try {
    return read(value)
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.message }
    throw error
  }
}

function read(value: unknown): ParsedEnvelope {
  const envelope = members(value, 'the event')
  const unstorable = findUnstorable(envelope)
  if (unstorable) throw new Refused(unstorable)
  if (envelope.source !== 'aws.gamelift') throw new Refused(`source is ${shown(envelope.source)}, not "aws.gamelift"`)
  const id = text(envelope.id, 'id', 256)
  const time = moment(envelope.time, 'time')
  const resources = list(envelope.resources, 'resources')
  const resource = text(resources[0], 'resources[0]', 512)
  const detail = members(envelope.detail, 'detail')
  switch (envelope['detail-type']) {
    case 'GameLift Matchmaking Event': {
      const configuration = nameInArn(resource, 'matchmakingconfiguration')
      const fact: EventFact = { id, time, source: 'event', configuration, detail: matchmakingDetail(detail) }
      if (isMarkedForced(envelope)) fact.forced = true
      return { kind: 'matchmaking', fact, envelope }
    }
    case 'GameLift Queue Placement Event': {
      const queue = nameInArn(resource, 'gamesessionqueue')
      return { kind: 'placement', event: { id, time, queue, detail: placementDetail(detail) }, envelope }
    }
    default:
      throw new Refused(
        `detail-type is ${shown(envelope['detail-type'])}; known are "GameLift Matchmaking Event" and "GameLift Queue Placement Event"`,
      )
  }
}

/** Whether the local engine says that somebody forced this event in its lab. */
export function isMarkedForced({ matchdesk }: { matchdesk?: unknown }): boolean {
  return typeof matchdesk === 'object' && matchdesk !== null && 'forced' in matchdesk && matchdesk.forced === true
}

function matchmakingDetail(detail: Members): MatchmakingDetail {
  const type = detail.type as MatchmakingEventType
  if (!MATCHMAKING_EVENT_TYPES.includes(type)) throw new Refused(`detail.type ${shown(type)} is not a FlexMatch event`)
  const tickets = list(detail.tickets, 'detail.tickets')
  if (tickets.length === 0) throw new Refused('detail.tickets is empty: the event is about no ticket')
  tickets.forEach((ticket, index) => {
    checkTicket(members(ticket, `detail.tickets[${index}]`), `detail.tickets[${index}]`)
  })
  const session = members(detail.gameSessionInfo, 'detail.gameSessionInfo')
  checkPlayers(session.players, 'detail.gameSessionInfo.players')
  checkOptional(session, 'detail.gameSessionInfo', { gameSessionArn: 512, ipAddress: 256, dnsName: 256 })
  if (present(session.port) && !isPort(session.port)) {
    throw new Refused(`detail.gameSessionInfo.port is ${shown(session.port)}, not a port number`)
  }
  const matchIdExpected = type !== 'MatchmakingSearching' && !ENDS_ONE_TICKET.includes(type)
  if (matchIdExpected || present(detail.matchId)) text(detail.matchId, 'detail.matchId', 128)
  checkOptional(detail, 'detail', { reason: 1024, message: 4096 })
  switch (type) {
    case 'PotentialMatchCreated':
      if (typeof detail.acceptanceRequired !== 'boolean') {
        throw new Refused(`detail.acceptanceRequired is ${shown(detail.acceptanceRequired)}, not true or false`)
      }
      if (present(detail.acceptanceTimeout) && !isSeconds(detail.acceptanceTimeout)) {
        throw new Refused(`detail.acceptanceTimeout is ${shown(detail.acceptanceTimeout)}, not a number of seconds`)
      }
      break
    case 'AcceptMatchCompleted':
      if (!['Accepted', 'Rejected', 'TimedOut'].includes(detail.acceptance as string)) {
        throw new Refused(`detail.acceptance is ${shown(detail.acceptance)}; known are Accepted, Rejected and TimedOut`)
      }
  }
  return detail as unknown as MatchmakingDetail
}

const ENDS_ONE_TICKET: MatchmakingEventType[] = ['MatchmakingTimedOut', 'MatchmakingCancelled', 'MatchmakingFailed']

function checkTicket(ticket: Members, path: string): void {
  const id = text(ticket.ticketId, `${path}.ticketId`, 128)
  if (!TICKET_ID.test(id)) {
    throw new Refused(`${path}.ticketId ${shown(id)} has characters outside a-z, A-Z, 0-9, "-" and "."`)
  }
  moment(ticket.startTime, `${path}.startTime`)
  checkPlayers(ticket.players, `${path}.players`)
}

function checkPlayers(value: unknown, path: string): void {
  list(value, path).forEach((entry, index) => {
    const player = members(entry, `${path}[${index}]`)
    text(player.playerId, `${path}[${index}].playerId`, 1024)
    checkOptional(player, `${path}[${index}]`, { team: 1024, playerSessionId: 512 })
    if (player.accepted !== undefined && typeof player.accepted !== 'boolean') {
      throw new Refused(`${path}[${index}].accepted is ${shown(player.accepted)}, not true or false`)
    }
  })
}

function placementDetail(detail: Members): PlacementDetail {
  const type = detail.type as PlacementEventType
  if (!PLACEMENT_EVENT_TYPES.includes(type)) throw new Refused(`detail.type ${shown(type)} is not a placement event`)
  text(detail.placementId, 'detail.placementId', 128)
  checkOptional(detail, 'detail', { gameSessionArn: 512, ipAddress: 256, dnsName: 256 })
  return detail as unknown as PlacementDetail
}

function nameInArn(arn: string, resourceType: string): string {
  const found = new RegExp(`^arn:[a-z-]+:gamelift:[a-z0-9-]*:\\d*:${resourceType}/([a-zA-Z0-9.-]{1,128})$`).exec(arn)
  if (!found?.[1]) throw new Refused(`resources[0] is ${shown(arn)}, not the ARN of a ${resourceType}`)
  return found[1]
}

function members(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(`${what} is ${shown(value)}, not an object`)
  }
  return value as Members
}
function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Refused(`${what} is ${shown(value)}, not a list`)
  if (value.length > MAX_LISTED) throw new Refused(`${what} lists ${value.length}, more than ${MAX_LISTED}`)
  return value
}
function text(value: unknown, what: string, maxLength: number): string {
  if (typeof value !== 'string' || value === '') throw new Refused(`${what} is ${shown(value)}, not a text`)
  if (value.length > maxLength) throw new Refused(`${what} is longer than ${maxLength} characters`)
  return value
}
function checkOptional(holder: Members, path: string, maxLengths: Record<string, number>): void {
  for (const [name, maxLength] of Object.entries(maxLengths)) {
    const value = holder[name]
    if (!present(value)) continue
    if (typeof value !== 'string') throw new Refused(`${path}.${name} is ${shown(value)}, not a text`)
    if (value.length > maxLength) throw new Refused(`${path}.${name} is longer than ${maxLength} characters`)
  }
}
/** Both forms occur: whole seconds on the bus, milliseconds in notifications. */
function moment(value: unknown, what: string): number {
  const at = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw new Refused(`${what} is ${shown(value)}, not a time such as 2026-01-15T10:00:05.120Z`)
  if (at < EARLIEST || at > LATEST) throw new Refused(`${what} is ${shown(value)}, outside the years 2000 to 9998`)
  return at
}
function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535
}
function isSeconds(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1_000_000
}
function present(value: unknown): boolean {
  return value !== undefined && value !== null
}
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const written = JSON.stringify(value) ?? String(value)
  return written.length > 80 ? `${written.slice(0, 77)}…` : written
}
