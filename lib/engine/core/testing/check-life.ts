/**
 * Watches an engine from outside, through replies, events and reads, and throws as soon as something happens that the
 * documentation does not allow. Knows nothing of the engine's inside.
 */
import { strictEqual as same, deepStrictEqual as sameDeep } from 'node:assert/strict'
import type { Engine, EngineEvent, JournalEntry, Reply } from '#lib/engine/core/contract.ts'
import type { MatchmakingDetail } from '#lib/flexmatch/events.ts'
import { isFinal, type TicketStatus } from '#lib/flexmatch/status.ts'
import { checkDrop } from './check-drop.ts'
import { checkFormed } from './check-formed.ts'
import { type Drop, Proposals } from './proposals.ts'
import { type Stage, stagesAfter } from './ticket-states.ts'
import { readViews, type TicketView, timeoutsOf } from './ticket-views.ts'

interface Life {
  kind: 'new' | 'backfill'
  playerIds: string[]
  startMs: number
  status: Stage
  /** The last view as text; a finished ticket never changes again. */
  text: string | null
}

/** After these a ticket is in no match any more. */
const ENDS = new Set(['MatchmakingSearching', 'MatchmakingTimedOut', 'MatchmakingFailed', 'MatchmakingCancelled'])

export class LifeChecker {
  readonly lives = new Map<string, Life>()
  /** Sessions that a match was placed in. */
  readonly sessionArns: string[] = []
  readonly #isNew = (ticketId: string) => this.lives.get(ticketId)?.kind === 'new'
  readonly #proposals = new Proposals(this.#isNew)
  /** Where lives led, to see that nothing is left out. */
  readonly met = new Set<string>()

  /** After every entry. `read` answers for the engine as it is then. */
  observe(engine: Engine, entry: JournalEntry, reply: Reply): void {
    if (!reply.ok) {
      sameDeep(reply.events, [])
      this.#checkUntouched(engine)
      return
    }
    this.#register(entry, reply.output)
    const heard = new Map<string, string[]>()
    const drops: Drop[] = []
    const formed: MatchmakingDetail[] = []
    this.#proposals.recordAnswers(entry)
    const before = this.#statusOfNamed(entry)
    for (const { detail } of reply.events) {
      if (!('tickets' in detail)) {
        this.met.add(detail.type)
        // A placement has the id of its match.
        if (detail.type !== 'PlacementFulfilled') this.#proposals.end(detail.placementId)
        continue
      }
      this.#checkPlayers(detail)
      const label = labelOf(detail)
      this.met.add(label)
      for (const { ticketId, startTime, players } of detail.tickets) {
        const life = this.#lifeOf(ticketId, startTime, players)
        sameDeep(
          players.map(({ playerId }) => playerId),
          life.playerIds,
          `players of ${ticketId} in ${label}`,
        )
        same(Date.parse(startTime), life.startMs, `start of ${ticketId} in ${label}`)
        heard.set(ticketId, [...(heard.get(ticketId) ?? []), label])
        if (ENDS.has(detail.type)) this.#proposals.leave(ticketId)
      }
      if (detail.type === 'PotentialMatchCreated') {
        formed.push(detail)
        this.#proposals.begin(detail, entry.timeMs)
      } else if (detail.type === 'AcceptMatchCompleted') {
        const drop = this.#proposals.decide(detail, entry)
        if (drop) drops.push(drop)
      } else if (detail.type === 'MatchmakingSucceeded') {
        this.#proposals.succeed(detail)
        this.#checkSession(engine, detail)
      }
    }
    const views = this.#compare(engine, entry, heard)
    for (const drop of drops) checkDrop(drop, { engine, entry, views, heard }, this.#isNew)
    for (const match of formed) checkFormed(engine, entry.timeMs, match, views, this.#isNew)
    this.#checkStop(entry, before, views)
    this.#proposals.checkUndecided(entry)
    this.#checkAnnounced(engine, entry.timeMs, reply.events)
    if (entry.command.operation === 'Tick') this.#checkTimes(engine, entry.timeMs, views)
    this.#checkOnePlace(views)
  }

  #register({ timeMs, command }: JournalEntry, output: Record<string, unknown>): void {
    if (command.operation !== 'StartMatchmaking' && command.operation !== 'StartMatchBackfill') return
    const ticket = output.MatchmakingTicket as TicketView
    same(ticket.Status, 'QUEUED')
    same(ticket.StartTime.getTime(), timeMs)
    const asked = (command.input.Players as { PlayerId: string }[]).map(({ PlayerId }) => PlayerId)
    sameDeep(
      ticket.Players.map(({ PlayerId }) => PlayerId),
      asked,
      `players of ${ticket.TicketId}`,
    )
    const before = this.lives.get(ticket.TicketId)
    if (before && !isFinal(before.status as TicketStatus)) throw new Error(`${ticket.TicketId} was given away twice`)
    this.lives.set(ticket.TicketId, {
      kind: command.operation === 'StartMatchmaking' ? 'new' : 'backfill',
      playerIds: asked,
      startMs: timeMs,
      status: 'QUEUED',
      text: null,
    })
  }

  /** Automatic backfill is nobody's request: the first event tells of it. */
  #lifeOf(ticketId: string, startTime: string, players: { playerId: string }[]): Life {
    const known = this.lives.get(ticketId)
    if (known) return known
    const playerIds = players.map(({ playerId }) => playerId)
    const life: Life = { kind: 'backfill', playerIds, startMs: Date.parse(startTime), status: 'QUEUED', text: null }
    this.lives.set(ticketId, life)
    return life
  }

  /** Nobody is lost, nobody is there twice, and the flat list is the list of the tickets. */
  #checkPlayers({ type, tickets, gameSessionInfo }: MatchmakingDetail): void {
    const flat = tickets.flatMap(({ players }) => players)
    sameDeep(gameSessionInfo.players, flat)
    same(new Set(flat.map(({ playerId }) => playerId)).size, flat.length, `a player twice in ${type}`)
  }

  #statusOfNamed({ command }: JournalEntry): Stage | null {
    if (command.operation !== 'StopMatchmaking') return null
    return this.lives.get(command.input.TicketId as string)?.status ?? null
  }

  /** What was stopped could be stopped, and is. */
  #checkStop({ command }: JournalEntry, before: Stage | null, views: ReadonlyMap<string, TicketView>): void {
    if (command.operation !== 'StopMatchmaking') return
    const ticketId = command.input.TicketId as string
    if (before === null || before === 'PLACING' || isFinal(before as TicketStatus)) {
      throw new Error(`${ticketId} was stopped while ${before}`)
    }
    same(views.get(ticketId)?.Status ?? 'CANCELLED', 'CANCELLED', `${ticketId} was stopped`)
  }

  /** Nobody is told to be searching whose time is over. */
  #checkAnnounced(engine: Engine, timeMs: number, events: readonly EngineEvent[]): void {
    for (const { detail, resourceArn } of events) {
      if (detail.type !== 'MatchmakingSearching') continue
      const dueMs = timeoutsOf(engine).get(resourceArn.split('/').at(-1) ?? '') ?? 0
      for (const { ticketId, startTime } of detail.tickets) {
        if (Date.parse(startTime) + dueMs <= timeMs) throw new Error(`${ticketId} is too old to be searching`)
      }
    }
  }

  /** A refusal leaves no trace. */
  #checkUntouched(engine: Engine): void {
    for (const [ticketId, view] of readViews(engine, [...this.lives.keys()])) {
      same(JSON.stringify(view), this.lives.get(ticketId)?.text, `${ticketId} after a refusal`)
    }
  }

  /** The server is told of every player of the match. */
  #checkSession(engine: Engine, { tickets, gameSessionInfo }: MatchmakingDetail): void {
    const { gameSessionArn: arn } = gameSessionInfo
    if (arn === undefined) return
    if (!this.sessionArns.includes(arn)) this.sessionArns.push(arn)
    const output = readOrNull(engine, 'DescribeGameSessions', { GameSessionId: arn }) as {
      GameSessions: { MatchmakerData: string }[]
    } | null
    const [session] = output?.GameSessions ?? []
    if (!session) return // ended within the same moment and not kept
    const { teams } = JSON.parse(session.MatchmakerData) as {
      teams: { name: string; players: { playerId: string }[] }[]
    }
    const roster = teams.flatMap(({ name, players }) => players.map(({ playerId }) => `${playerId} on ${name}`))
    same(new Set(roster).size, roster.length)
    for (const { playerId, team } of tickets.flatMap(({ players }) => players)) {
      if (!roster.includes(`${playerId} on ${team}`)) throw new Error(`${playerId} is missing in the session's data`)
    }
  }

  /** Every ticket is where what was heard of it leads, and nothing else about it has changed. */
  #compare(engine: Engine, entry: JournalEntry, heard: ReadonlyMap<string, string[]>): Map<string, TicketView> {
    const views = readViews(engine, [...this.lives.keys()])
    const { acceptance, placement } = engine.options
    for (const [ticketId, life] of this.lives) {
      const labels = heard.get(ticketId) ?? []
      const view = views.get(ticketId)
      if (isFinal(life.status as TicketStatus)) {
        if (labels.length > 0) throw new Error(`${ticketId} is ${life.status}, and yet there is ${labels.join(', ')}`)
        if (view && JSON.stringify(view) !== life.text) throw new Error(`${ticketId} changed after its end`)
        continue
      }
      const silence = {
        superseded: takesOthersOut(entry.command.operation),
        dropped: !acceptance.cancelledEvent,
        placement: !placement.searchingEventAfterTimeout,
      }
      const stages = stagesAfter(life.status, labels, silence)
      if (!view) {
        // More have finished in one moment than are kept.
        if (![...stages].some((stage) => isFinal(stage as TicketStatus))) throw new Error(`${ticketId} is lost`)
        life.status = 'CANCELLED'
        life.text = null
        continue
      }
      if (!stages.has(view.Status)) {
        throw new Error(`${ticketId}: ${life.status}, then [${labels.join(', ')}], and now ${view.Status}`)
      }
      sameDeep(
        view.Players.map(({ PlayerId }) => PlayerId),
        life.playerIds,
        `players of ${ticketId}`,
      )
      same(view.StartTime.getTime(), life.startMs)
      same(view.EndTime?.getTime(), isFinal(view.Status) ? entry.timeMs : undefined, `end of ${ticketId}`)
      this.met.add(`${life.kind} ${view.Status} ${view.StatusReason ?? ''}`.trim())
      life.status = view.Status
      life.text = JSON.stringify(view)
    }
    return views
  }

  /** After a Tick nothing is overdue: no unanswered proposal, nobody in the pool beyond the request time-out. */
  #checkTimes(engine: Engine, timeMs: number, views: ReadonlyMap<string, TicketView>): void {
    this.#proposals.checkOverdue(timeMs)
    const timeouts = timeoutsOf(engine)
    for (const { TicketId, Status, StartTime, ConfigurationName } of views.values()) {
      if (Status !== 'QUEUED' && Status !== 'SEARCHING') continue
      const dueMs = StartTime.getTime() + (timeouts.get(ConfigurationName) ?? 0)
      if (dueMs <= timeMs) throw new Error(`${TicketId} is still ${Status} after its time`)
    }
    if (engine.dueAtMs() !== null && engine.dueAtMs()! <= timeMs) throw new Error('a Tick left something due')
  }

  /** A player is in one active ticket, those aside that are being placed; a placed ticket is in one match. */
  #checkOnePlace(views: ReadonlyMap<string, TicketView>): void {
    const places = new Map<string, string>()
    for (const { TicketId, Status, Players } of views.values()) {
      const expected = Status === 'REQUIRES_ACCEPTANCE' || Status === 'PLACING' ? 1 : 0
      same(this.#proposals.countOf(TicketId), expected, `matches of ${TicketId}, which is ${Status}`)
      if (isFinal(Status) || Status === 'PLACING') continue
      for (const { PlayerId } of Players) {
        if (places.has(PlayerId)) throw new Error(`${PlayerId} is in ${TicketId} and in ${places.get(PlayerId)}`)
        places.set(PlayerId, TicketId)
      }
    }
  }
}

function labelOf(detail: MatchmakingDetail): string {
  if (detail.type === 'PotentialMatchCreated') return `${detail.type} ${detail.acceptanceRequired}`
  return detail.type === 'AcceptMatchCompleted' ? `${detail.type} ${detail.acceptance}` : detail.type
}

function takesOthersOut(operation: string): boolean {
  return operation === 'StartMatchmaking' || operation === 'StartMatchBackfill'
}

function readOrNull(engine: Engine, operation: 'DescribeGameSessions', input: Record<string, unknown>) {
  try {
    return engine.read(operation, input, 0)
  } catch {
    return null
  }
}
