/**
 * The documented life of a ticket as a table: which status follows which, and with which event. Written from the
 * documentation, for checking; the engine has no such table.
 */
import type { TicketStatus } from '#lib/flexmatch/status.ts'

/** DROPPED: the proposed match is off and the ticket's fate comes next, within the same moment. */
export type Stage = TicketStatus | 'DROPPED'

/** What is heard of a ticket: the event's type, and the word that decides where it leads. */
const HEARD: Record<string, readonly Move[]> = {
  MatchmakingSearching: [
    ['QUEUED', 'SEARCHING'],
    ['DROPPED', 'SEARCHING'],
    ['PLACING', 'SEARCHING'],
  ],
  'PotentialMatchCreated true': [['SEARCHING', 'REQUIRES_ACCEPTANCE']],
  'PotentialMatchCreated false': [['SEARCHING', 'PLACING']],
  AcceptMatch: [['REQUIRES_ACCEPTANCE', 'REQUIRES_ACCEPTANCE']],
  'AcceptMatchCompleted Accepted': [['REQUIRES_ACCEPTANCE', 'PLACING']],
  'AcceptMatchCompleted Rejected': [
    ['REQUIRES_ACCEPTANCE', 'DROPPED'],
    // It was taken out, which is why the match is off.
    ['CANCELLED', 'CANCELLED'],
  ],
  'AcceptMatchCompleted TimedOut': [['REQUIRES_ACCEPTANCE', 'DROPPED']],
  MatchmakingSucceeded: [['PLACING', 'COMPLETED']],
  MatchmakingTimedOut: [
    ['QUEUED', 'TIMED_OUT'],
    ['SEARCHING', 'TIMED_OUT'],
    ['DROPPED', 'TIMED_OUT'],
    ['PLACING', 'TIMED_OUT'],
  ],
  MatchmakingCancelled: [
    ['QUEUED', 'CANCELLED'],
    ['SEARCHING', 'CANCELLED'],
    ['REQUIRES_ACCEPTANCE', 'CANCELLED'],
    ['DROPPED', 'CANCELLED'],
  ],
  MatchmakingFailed: [
    ['SEARCHING', 'FAILED'],
    ['PLACING', 'FAILED'],
  ],
}

export interface Silence {
  /** Whether the ticket can have been cancelled without a word: superseded or replaced. */
  superseded: boolean
  /** Options under which an ending of a match is not told. */
  dropped: boolean
  placement: boolean
}

type Move = readonly [from: Stage, to: Stage]

function silent({ superseded, dropped, placement }: Silence): Move[] {
  // A player started another ticket while this one was PLACING, and it would search again.
  const moves: Move[] = [['PLACING', 'CANCELLED']]
  if (superseded) moves.push(['QUEUED', 'CANCELLED'], ['SEARCHING', 'CANCELLED'], ['REQUIRES_ACCEPTANCE', 'CANCELLED'])
  if (dropped) moves.push(['DROPPED', 'CANCELLED'])
  if (placement) moves.push(['PLACING', 'SEARCHING'])
  return moves
}

/** Where a ticket can be after what was heard of it, one after the other, and what may have happened unheard. */
export function stagesAfter(from: Stage, heard: readonly string[], silence: Silence): Set<Stage> {
  const unheard = silent(silence)
  let stages = closure(new Set([from]), unheard)
  for (const label of heard) {
    const moved = new Set((HEARD[label] ?? []).filter(([before]) => stages.has(before)).map(([, after]) => after))
    stages = closure(moved, unheard)
  }
  stages.delete('DROPPED')
  return stages
}

function closure(stages: Set<Stage>, moves: readonly Move[]): Set<Stage> {
  for (const stage of stages) for (const [from, to] of moves) if (from === stage) stages.add(to)
  return stages
}
