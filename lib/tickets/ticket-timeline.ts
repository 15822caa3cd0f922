import type { Queryable } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import type { PlacementEvent } from '#lib/flexmatch/parse-event.ts'
import { timelineOf } from '#lib/flexmatch/timeline.ts'
import type { ChannelName, SupersededView, TimelineEntry } from './views.ts'

/** What an operator asked for, as the audit trail has it. */
export interface AuditedRequest {
  audit_id: number
  at: Date
  person_name: string | null
  action: string
  input: { answer?: string; playerIds?: string[] }
  outcome: string | null
  outcome_message: string | null
}

const MAX_REQUESTS = 100

/** The newest requests about this ticket, oldest first. */
export async function readAuditedRequests(
  db: Queryable,
  environment: string,
  ticketId: string,
): Promise<AuditedRequest[]> {
  const { rows } = await db.query<AuditedRequest>(
    `select audit_id, at, person_name, action, input, outcome, outcome_message from audit
     where environment = $1 and target = $2 and action <> 'ticket.refresh'
     order by at desc, audit_id desc limit ${MAX_REQUESTS}`,
    [environment, ticketId],
  )
  return rows.reverse()
}

/** What a timeline is told from, beside the ticket's facts. */
export interface Told {
  facts: readonly TicketFact[]
  requests: readonly AuditedRequest[]
  placements: readonly PlacementEvent[]
  /** What ended it, where known. */
  supersededBy: SupersededView | null
  /** By fact: which channels brought it. */
  channels: ReadonlyMap<string, ChannelName[]>
}

/** What happened and what was asked for, with how long each phase lasted. */
export function ticketTimeline(
  ticketId: string,
  { facts, requests, placements, supersededBy, channels }: Told,
): TimelineEntry[] {
  const steps = timelineOf(ticketId, facts, placements)
  const end = steps.findLastIndex(({ kind }) => kind === 'end')
  const happened = steps.map(
    ({ factId, ...step }, index): Entry => ({
      ...step,
      by: null,
      taken: null,
      supersededBy: index === end ? supersededBy : null,
      channels: channels.get(factId ?? '') ?? [],
    }),
  )
  const entries = insertByTime(happened, requests.map(entryOf))
  return entries.map((entry, index) => ({
    ...entry,
    at: new Date(entry.at).toISOString(),
    durationMs: PHASES.has(entry.kind) ? lasted(entries, index) : null,
  }))
}

/** What a ticket is in for a while. Answers, requests and looks at GameLift happen within a phase and end none. */
const PHASES = new Set<TimelineEntry['kind']>(['queued', 'searching', 'proposed', 'placing'])
const BOUNDARIES = new Set<TimelineEntry['kind']>([...PHASES, 'acceptance-completed', 'match-dropped', 'end'])

function lasted(entries: readonly Entry[], phase: number): number | null {
  const next = entries.slice(phase + 1).find((entry) => BOUNDARIES.has(entry.kind))
  return next ? Math.max(0, next.at - (entries[phase]?.at ?? next.at)) : null
}

type Entry = Omit<TimelineEntry, 'at' | 'durationMs'> & { at: number }

/** Keeps the order of what happened, which times alone do not tell. */
function insertByTime(happened: readonly Entry[], requests: readonly Entry[]): Entry[] {
  const entries = [...happened]
  for (const request of requests) {
    const before = entries.findIndex((entry) => entry.at > request.at)
    entries.splice(before === -1 ? entries.length : before, 0, request)
  }
  return entries
}

function entryOf(request: AuditedRequest): Entry {
  const { outcome } = request
  const refused = outcome === 'refused' || outcome === 'failed' || outcome === 'denied'
  return {
    at: request.at.getTime(),
    kind: 'request',
    text: wordsOf(request),
    detail: refused
      ? `${outcome === 'failed' ? 'Failed' : 'Refused'}: ${request.outcome_message ?? 'no reason was given'}`
      : outcome === 'unknown'
        ? (request.outcome_message ?? 'Whether it was carried out is not known.')
        : null,
    matchId: null,
    forced: false,
    supersededBy: null,
    channels: [],
    by: request.person_name,
    auditId: request.audit_id,
    taken: refused ? 'refused' : outcome === 'done' || outcome === 'unknown' ? outcome : null,
  }
}

function wordsOf({ action, input }: AuditedRequest): string {
  switch (action) {
    case 'ticket.cancel':
    case 'ticket.cancel-many':
    case 'ticket.cancel-mass':
      return 'Cancel requested'
    case 'match.answer':
    case 'match.answer-many': {
      const players = (input.playerIds ?? []).join(', ')
      return `${input.answer === 'REJECT' ? 'Reject' : 'Accept'} requested${players ? ` for ${players}` : ''}`
    }
    case 'backfill.off':
      return 'Cancel requested, to turn automatic backfill off'
    default:
      return `${action} requested`
  }
}
