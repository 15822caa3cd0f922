/** Proposed matches as seen from outside: who is in which, who has answered, and how each came to its end. */
import { strictEqual as same, deepStrictEqual as sameDeep } from 'node:assert/strict'
import type { JournalEntry } from '#lib/engine/core/contract.ts'
import type { MatchmakingDetail } from '#lib/flexmatch/events.ts'

export interface Proposal {
  matchId: string
  tickets: Map<string, { playerId: string; team?: string }[]>
  /** When the time to answer is over; null without acceptance. */
  dueMs: number | null
  answers: Map<string, boolean>
  /** Everyone has accepted, or nobody has to. */
  decided: boolean
}

export interface Drop {
  proposal: Proposal
  verdict: 'Rejected' | 'TimedOut'
}
type Of<Type> = Extract<MatchmakingDetail, { type: Type }>

/** Throws as soon as a match does what no match may. */
export class Proposals {
  readonly #open = new Map<string, Proposal>()
  readonly #isNew: (ticketId: string) => boolean

  constructor(isNew: (ticketId: string) => boolean) {
    this.#isNew = isNew
  }

  /** How many matches the ticket is in. */
  countOf(ticketId: string): number {
    return [...this.#open.values()].filter(({ tickets }) => tickets.has(ticketId)).length
  }

  /** To be asked before the events of an AcceptMatch that was taken. */
  recordAnswers({ command, timeMs }: JournalEntry): void {
    if (command.operation !== 'AcceptMatch') return
    const { TicketId, PlayerIds, AcceptanceType } = command.input as {
      TicketId: string
      PlayerIds: string[]
      AcceptanceType: string
    }
    const proposal = [...this.#open.values()].find(({ tickets }) => tickets.has(TicketId))
    if (!proposal || proposal.decided) throw new Error(`an answer of ${TicketId} was taken without a proposed match`)
    if (timeMs >= (proposal.dueMs ?? 0)) throw new Error(`an answer of ${TicketId} was taken after its time`)
    for (const playerId of PlayerIds) proposal.answers.set(playerId, AcceptanceType === 'ACCEPT')
  }

  /** Nobody waits for more once everyone has accepted or someone has rejected. */
  checkUndecided({ command }: JournalEntry): void {
    if (command.operation !== 'AcceptMatch') return
    for (const proposal of this.#open.values()) {
      const missing = this.#mustAnswer(proposal).some((playerId) => !proposal.answers.has(playerId))
      if (!proposal.decided && !missing) throw new Error(`${proposal.matchId} has all its answers and is not decided`)
    }
  }

  begin(
    { matchId, tickets, acceptanceRequired, acceptanceTimeout }: Of<'PotentialMatchCreated'>,
    timeMs: number,
  ): void {
    const ids = tickets.map(({ ticketId }) => ticketId)
    for (const ticketId of ids) if (this.countOf(ticketId) > 0) throw new Error(`${ticketId} is in a match already`)
    const backfills = ids.filter((ticketId) => !this.#isNew(ticketId)).length
    if (backfills > 1 || backfills === ids.length) throw new Error(`${backfills} of ${ids.length} tickets are backfill`)
    this.#open.set(matchId, {
      matchId,
      tickets: new Map(tickets.map(({ ticketId, players }) => [ticketId, players])),
      dueMs: acceptanceRequired ? timeMs + (acceptanceTimeout ?? 0) * 1000 : null,
      answers: new Map(),
      decided: !acceptanceRequired,
    })
  }

  /** Accepted by everyone who has to, or dropped. */
  decide({ matchId, tickets, acceptance }: Of<'AcceptMatchCompleted'>, { command }: JournalEntry): Drop | null {
    const proposal = this.#open.get(matchId)
    if (!proposal || proposal.decided) throw new Error(`${matchId} was decided twice or never proposed`)
    sameDeep(new Set(tickets.map(({ ticketId }) => ticketId)), new Set(proposal.tickets.keys()))
    proposal.decided = true
    const all = this.#mustAnswer(proposal).every((playerId) => proposal.answers.get(playerId) === true)
    same(acceptance === 'Accepted', all && command.operation === 'AcceptMatch', `${acceptance}, all answered: ${all}`)
    if (acceptance === 'Accepted') return null
    this.#open.delete(matchId)
    return { proposal, verdict: acceptance }
  }

  /** The same tickets, players and teams as were proposed. */
  succeed({ matchId, tickets }: Of<'MatchmakingSucceeded'>): void {
    const proposal = this.#open.get(matchId)
    if (!proposal?.decided) throw new Error(`${matchId} succeeded undecided`)
    const placed = (players: readonly { playerId: string; team?: string }[]) =>
      players.map(({ playerId, team }) => `${playerId} on ${team}`)
    sameDeep(
      new Map(tickets.map(({ ticketId, players }) => [ticketId, placed(players)])),
      new Map(Array.from(proposal.tickets, ([ticketId, players]) => [ticketId, placed(players)])),
    )
    this.#open.delete(matchId)
  }

  /** Its placement has failed or timed out. */
  end(matchId: string): void {
    this.#open.delete(matchId)
  }

  /** A placement that could not even be tried ends the match for each ticket by itself. */
  leave(ticketId: string): void {
    for (const [matchId, { tickets, decided }] of this.#open) {
      if (decided && tickets.delete(ticketId) && tickets.size === 0) this.#open.delete(matchId)
    }
  }

  checkOverdue(nowMs: number): void {
    for (const { matchId, dueMs, decided } of this.#open.values()) {
      if (!decided && dueMs !== null && dueMs <= nowMs) throw new Error(`${matchId} waits for answers beyond its time`)
    }
  }

  #mustAnswer({ tickets }: Proposal): string[] {
    return [...tickets].flatMap(([ticketId, players]) =>
      this.#isNew(ticketId) ? players.map(({ playerId }) => playerId) : [],
    )
  }
}
