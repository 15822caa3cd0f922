/** What becomes of the tickets of a proposed match that is dropped, held against the documentation. */
import { strictEqual as same } from 'node:assert/strict'
import type { Engine, JournalEntry } from '#lib/engine/core/contract.ts'
import type { Drop } from './proposals.ts'
import type { TicketView } from './ticket-views.ts'

/** One entry, and what was seen of the engine after it; `heard` are the events of each ticket in it. */
export interface Moment {
  engine: Engine
  entry: JournalEntry
  views: ReadonlyMap<string, TicketView>
  heard: ReadonlyMap<string, string[]>
}

/** Throws when a match was dropped without a reason, or a ticket of it has met another fate than it should. */
export function checkDrop(
  { proposal, verdict }: Drop,
  { engine, entry, views, heard }: Moment,
  isNew: (ticketId: string) => boolean,
): void {
  const { command, timeMs } = entry
  const takenOut = [...proposal.tickets.keys()].filter((ticketId) => wasTakenOut(views.get(ticketId), entry, verdict))
  if (verdict === 'TimedOut') {
    if (command.operation !== 'Tick' || timeMs < (proposal.dueMs ?? Number.POSITIVE_INFINITY) || takenOut.length > 0) {
      throw new Error(`${proposal.matchId} timed out before its time`)
    }
  } else if (command.operation === 'AcceptMatch') {
    if (![...proposal.answers.values()].includes(false)) throw new Error('rejected by nobody')
  } else if (takenOut.length === 0) {
    throw new Error(`${proposal.matchId} was dropped by ${command.operation}, and no ticket was taken out`)
  }
  for (const [ticketId, players] of proposal.tickets) {
    if (takenOut.includes(ticketId)) continue
    const view = views.get(ticketId)
    const labels = heard.get(ticketId) ?? []
    const next = labels[labels.lastIndexOf(`AcceptMatchCompleted ${verdict}`) + 1]
    const returned = next === 'MatchmakingSearching' || next === 'MatchmakingTimedOut'
    if (!view && !returned) continue // ended, and not kept
    const is: Fate = returned ? 'returned' : (view?.StatusReason as Fate)
    const answers = isNew(ticketId) ? players.map(({ playerId }) => proposal.answers.get(playerId) ?? null) : []
    const requeue = engine.options.acceptance.pendingTickets === 'requeue'
    same(
      is,
      fateAfterDrop(answers, { rejected: verdict === 'Rejected', takenOut: takenOut.length > 0, requeue }),
      ticketId,
    )
    if (!returned) same(view?.Status, 'CANCELLED')
    if (!returned) same(next === 'MatchmakingCancelled', engine.options.acceptance.cancelledEvent)
    if (returned && labels.at(-1) === 'MatchmakingSearching') same(view?.StatusReason, 'AcceptanceFailed')
  }
}

/** Cancelled from outside of the match: stopped, superseded, replaced, or its session ended. */
function wasTakenOut(view: TicketView | undefined, { command }: JournalEntry, verdict: string): boolean {
  // Ended and not kept: of what could have ended it, only this can be told.
  if (!view) return verdict === 'Rejected' && command.operation !== 'AcceptMatch'
  if (view.Status !== 'CANCELLED') return false
  return view.StatusReason === 'Cancelled' || view.StatusReason === 'Cancelled due to duplicate player'
}

/** Back in the pool, or the reason a ticket is cancelled with. */
type Fate = 'returned' | 'Rejected' | 'AcceptanceTimedOut'

/**
 * The AcceptMatch reference: who rejects or does not answer is cancelled, who accepted searches again. `answers` is empty
 * for a backfill, whose players have no say. `takenOut`: one of the tickets was stopped or superseded, which is not the
 * fault of the others.
 */
function fateAfterDrop(
  answers: readonly (boolean | null)[],
  { rejected, takenOut, requeue }: { rejected: boolean; takenOut: boolean; requeue: boolean },
): Fate {
  if (takenOut) return 'returned'
  if (answers.includes(false)) return 'Rejected'
  if (!answers.includes(null)) return 'returned'
  return rejected && requeue ? 'returned' : 'AcceptanceTimedOut'
}
