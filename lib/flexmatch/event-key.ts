/** What makes an event the event it is, by whichever channel a copy of it comes. */
// biome-ignore lint/style/noRestrictedImports: a digest is no I/O, and the platform's is the fastest there is
import { hash } from 'node:crypto'
import type { EventEnvelope } from './events.ts'

/**
 * 22 characters of the base64url alphabet, the same for every copy of one event: SNS, EventBridge and a queue give each
 * copy an id of its own and stamp it with milliseconds or with whole seconds. Two events that really happened may share
 * a key, such as two searches of one ticket within a second; the door tells them apart by their envelope ids.
 */
export function eventKey(envelope: EventEnvelope): string {
  return hash('md5', contentOf(envelope), 'base64url')
}

/**
 * One line each: type, whole second, configuration or queue, tickets, match or placement, acceptance, estimate, answers.
 * Plain text on purpose: the migration that gives stored events their keys writes the same in SQL.
 */
export function contentOf({ detail, time, resources }: EventEnvelope): string {
  const { type } = detail
  const second = Math.floor(Date.parse(time) / 1000)
  const resource = resources[0] ?? ''
  const from = resource.slice(resource.lastIndexOf('/') + 1)
  if ('placementId' in detail) return [type, second, from, '', detail.placementId, '', '', ''].join('\n')
  const tickets = detail.tickets.map(({ ticketId }) => ticketId)
  if (tickets.length > 1) tickets.sort()
  const matchId = 'matchId' in detail ? (detail.matchId ?? '') : ''
  const acceptance = type === 'AcceptMatchCompleted' ? detail.acceptance : ''
  const estimate = type === 'MatchmakingSearching' ? wholeNumber(detail.estimatedWaitMillis) : ''
  const answers = type === 'AcceptMatch' ? answersOf(detail.tickets) : ''
  return [type, second, from, tickets.join(','), matchId, acceptance, estimate, answers].join('\n')
}

/** Searches of one second that were told different waits are two. Other forms of a number are written in other ways. */
function wholeNumber(value: unknown): string {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 1e15 ? String(value) : ''
}

function answersOf(tickets: { ticketId: string; players: { playerId: string; accepted?: boolean }[] }[]): string {
  const answers = tickets.flatMap(({ ticketId, players }) =>
    players.flatMap(({ playerId, accepted }) =>
      accepted === undefined ? [] : [`${ticketId}/${playerId}/${accepted ? 'yes' : 'no'}`],
    ),
  )
  return answers.sort(inBytes).join(',')
}

/** As PostgreSQL's collation "C" orders; JavaScript's own order differs beyond the first 65,536 characters. */
function inBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
