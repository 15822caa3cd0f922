/** A small engine on a desk: commands in, time by hand, everything that came out kept for looking at. */

import type {
  Command,
  Engine,
  EngineEvent,
  EngineOptionsPatch,
  JournalEntry,
  ReadOperation,
  Refusal,
  Reply,
  WriteOperation,
} from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS, mergeOptions } from '#lib/engine/core/options.ts'
import type { MatchmakingDetail, PlacementDetail } from '#lib/flexmatch/events.ts'

export const START_MS = Date.UTC(2026, 1, 3, 18, 20, 0)
type Detail = MatchmakingDetail | PlacementDetail
type Input = Record<string, unknown>

export class Desk {
  readonly engine: Engine
  readonly journal: JournalEntry[] = []
  readonly events: EngineEvent[] = []
  nowMs = START_MS
  #seen = 0

  constructor(options: EngineOptionsPatch = {}, snapshot?: string) {
    this.engine = createEngine(mergeOptions(DEFAULT_OPTIONS, options), snapshot)
  }

  /** Another desk that goes on from a snapshot, with the same time and journal. */
  reopened(snapshot: string): Desk {
    const desk = new Desk({}, snapshot)
    desk.nowMs = this.nowMs
    desk.journal.push(...structuredClone(this.journal))
    return desk
  }

  apply(command: Command): Reply {
    const entry = { position: this.journal.length + 1, timeMs: this.nowMs, command }
    this.journal.push(structuredClone(entry))
    const reply = this.engine.apply(entry)
    this.events.push(...reply.events)
    return reply
  }

  /** Sends a command that must succeed. */
  send(operation: WriteOperation, input: Input): Input {
    const reply = this.apply({ operation, input })
    if (!reply.ok) throw reply.refusal
    return reply.output
  }

  /** Sends a command that must be refused, and checks that it left no trace. */
  refused(operation: WriteOperation, input: Input): Refusal {
    const before = this.engine.snapshot()
    const reply = this.apply({ operation, input })
    if (reply.ok) throw new Error(`${operation} was not refused.`)
    if (reply.events.length > 0 || this.engine.snapshot() !== before) {
      throw new Error(`${operation} was refused and yet left a trace.`)
    }
    return reply.refusal
  }

  read(operation: ReadOperation, input: Input): Input {
    return this.engine.read(operation, input, this.nowMs)
  }

  set(options: EngineOptionsPatch): void {
    const reply = this.apply({ operation: 'SetOptions', input: options })
    if (!reply.ok) throw reply.refusal
  }

  tick(): void {
    this.apply({ operation: 'Tick' })
  }

  /** Lets time pass, with a Tick whenever something is due, as the shell does. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms
    for (let ticks = 0; ; ticks++) {
      const due = this.engine.dueAtMs()
      if (due === null || due > endMs) break
      if (ticks > 10_000) throw new Error('Something is due without end.')
      this.nowMs = Math.max(this.nowMs, due)
      this.tick()
    }
    this.nowMs = endMs
  }

  ticket(ticketId: string): Record<string, unknown> | undefined {
    const { TicketList } = this.read('DescribeMatchmaking', { TicketIds: [ticketId] }) as { TicketList: Input[] }
    return TicketList[0]
  }

  status(ticketId: string): unknown {
    return this.ticket(ticketId)?.Status
  }

  /** Status, reason and message in one line. */
  told(ticketId: string): string {
    const { Status, StatusReason, StatusMessage } = this.ticket(ticketId) ?? {}
    return [Status, StatusReason, StatusMessage].filter((part) => part !== undefined).join(' | ')
  }

  session(arn: unknown): Record<string, unknown> {
    const { GameSessions } = this.read('DescribeGameSessions', { GameSessionId: arn }) as { GameSessions: Input[] }
    return GameSessions[0]!
  }

  matchmakerData(arn: unknown): {
    matchId: string
    teams: { name: string; players: { playerId: string; attributes: Input }[] }[]
    autoBackfillMode: string | null
    autoBackfillTicketId: string | null
  } {
    return JSON.parse(this.session(arn).MatchmakerData as string)
  }

  sessionOf(ticketId: string): string {
    const info = this.ticket(ticketId)?.GameSessionConnectionInfo as { GameSessionArn: string } | undefined
    if (!info) throw new Error(`Ticket ${ticketId} has no game session.`)
    return info.GameSessionArn
  }

  /** The details that came out since the last call. */
  news(): Detail[] {
    const details = this.events.slice(this.#seen).map(({ detail }) => detail)
    this.#seen = this.events.length
    return details
  }

  /** The same, as `Type ticket+ticket`. */
  headlines(): string[] {
    return this.news().map((detail) => {
      if (!('tickets' in detail)) return detail.type
      const outcome = detail.type === 'AcceptMatchCompleted' ? ` ${detail.acceptance}` : ''
      return `${detail.type}${outcome} ${detail.tickets.map(({ ticketId }) => ticketId).join('+')}`
    })
  }
}

/** Two teams of the given size, no rules. */
export function twoTeams(size: number, minimum = size): string {
  return JSON.stringify({
    ruleLanguageVersion: '1.0',
    playerAttributes: [{ name: 'skill', type: 'number', default: 1 }],
    teams: [
      { name: 'red', minPlayers: minimum, maxPlayers: size },
      { name: 'blue', minPlayers: minimum, maxPlayers: size },
    ],
  })
}

export interface Setup {
  options?: EngineOptionsPatch
  ruleSet?: string
  configuration?: Input
  queue?: Input
}

/** A desk with rule set `rules`, queue `queue` and configuration `duel` (1v1 with a queue unless told otherwise). */
export function aDesk({ options, ruleSet = twoTeams(1), configuration, queue }: Setup = {}): Desk {
  const desk = new Desk(options)
  desk.send('CreateMatchmakingRuleSet', { Name: 'rules', RuleSetBody: ruleSet })
  const made = desk.send('CreateGameSessionQueue', { Name: 'queue', TimeoutInSeconds: 30, ...queue }) as {
    GameSessionQueue: { GameSessionQueueArn: string }
  }
  const standalone = configuration?.FlexMatchMode === 'STANDALONE'
  desk.send('CreateMatchmakingConfiguration', {
    Name: 'duel',
    RuleSetName: 'rules',
    RequestTimeoutSeconds: 120,
    AcceptanceRequired: false,
    ...(!standalone && { GameSessionQueueArns: [made.GameSessionQueue.GameSessionQueueArn] }),
    ...configuration,
  })
  return desk
}

export const ACCEPTANCE = { AcceptanceRequired: true, AcceptanceTimeoutSeconds: 20 }
export const STANDALONE = { FlexMatchMode: 'STANDALONE' }

/** Starts a ticket of these players. */
export function start(desk: Desk, ticketId: string, playerIds: string[] = [`${ticketId}-p`], more: Input = {}): void {
  desk.send('StartMatchmaking', {
    TicketId: ticketId,
    ConfigurationName: 'duel',
    Players: playerIds.map((PlayerId) => ({ PlayerId })),
    ...more,
  })
}

export function answer(desk: Desk, ticketId: string, type: 'ACCEPT' | 'REJECT', playerIds = [`${ticketId}-p`]): void {
  desk.send('AcceptMatch', { TicketId: ticketId, PlayerIds: playerIds, AcceptanceType: type })
}

/** A session with room for two more, found by tickets a and b of one player each (2v2 that starts with 1v1). */
export function aHalfFullSession(setup: Setup = {}): { desk: Desk; arn: string } {
  const desk = aDesk({ ruleSet: twoTeams(2, 1), ...setup })
  start(desk, 'a')
  start(desk, 'b')
  desk.pass(3000)
  desk.news()
  return { desk, arn: desk.sessionOf('a') }
}

/** Asks for backfill; the players are on red, blue, red, … */
export function backfill(desk: Desk, ticketId: string, arn: string, playerIds = ['a-p', 'b-p']): void {
  desk.send('StartMatchBackfill', {
    TicketId: ticketId,
    ConfigurationName: 'duel',
    GameSessionArn: arn,
    Players: playerIds.map((PlayerId, i) => ({ PlayerId, Team: i % 2 === 0 ? 'red' : 'blue' })),
  })
}
