import type { Cause, IndexedStatus, TicketKind } from './status.ts'

/** The value of one player attribute as the API spells it: exactly one member is set. */
export interface AttributeValue {
  S?: string
  N?: number
  SL?: string[]
  SDM?: Record<string, number>
}

export type Answer = 'accepted' | 'rejected'

export interface TicketPlayer {
  playerId: string
  team: string | null
  answer: Answer | null
  /** Epoch ms of the event that first carried the answer. */
  answeredAt: number | null
  playerSessionId: string | null
  /** Events carry neither: null until a describe has told us. */
  attributes: Record<string, AttributeValue> | null
  latencyMs: Record<string, number> | null
}

/** A ticket as projected from its own history. Times are epoch ms. */
export interface Ticket {
  ticketId: string
  /** Plain name, never the ARN. Empty only while nothing is known. */
  configuration: string
  kind: TicketKind
  status: IndexedStatus
  /** True while the status follows from what others did and no event or describe has stated it. */
  presumed: boolean
  cause: Cause
  statusReason: string | null
  statusMessage: string | null
  /** The proposed or final match this ticket is in now. */
  matchId: string | null
  acceptanceDeadline: number | null
  players: TicketPlayer[]
  gameSessionArn: string | null
  ipAddress: string | null
  dnsName: string | null
  port: number | null
  estimatedWaitSeconds: number | null
  startedAt: number
  endedAt: number | null
  /** Time of the newest fact that changed the ticket. */
  updatedAt: number
  /** Whether a describe has supplied what events do not carry. */
  described: boolean
  /** Time of the newest event seen; null while only describes have spoken. A describe too close to it may be older. */
  lastEventAt: number | null
  /** The newest proposal of a match: what later events about it need to be read rightly. */
  proposal: Proposal | null
}

export interface Proposal {
  matchId: string
  /** Whether any player of the match, of whichever ticket, rejected it. */
  rejected: boolean
  /** Whether the match was given up: its id will not come to life again. */
  dropped: boolean
}
