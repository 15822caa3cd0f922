/**
 * Watches an engine from outside, through replies, events and reads, and throws as soon as something happens that the
 * documentation does not allow. Knows nothing of the engine's inside.
 */
import { strictEqual as same, deepStrictEqual as sameDeep } from 'node:assert/strict'
import type { Engine, EngineEvent, JournalEntry, Reply } from '#lib/engine/core/contract.ts'
import type { MatchmakingDetail } from '#lib/flexmatch/events.ts'
import { isFinal, type TicketStatus } from '#lib/flexmatch/status.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import { checkFormed } from './check-formed.ts'
import { type Fate, fateAfterDrop, type Proposal } from './proposals.ts'
import { type Stage, stagesAfter } from './ticket-states.ts'

export interface TicketView {
  TicketId: string
  ConfigurationName: string
  Status: TicketStatus
  StatusReason?: string
  StartTime: Date
  EndTime?: Date
  Players: {
    PlayerId: string
    Team?: string
    PlayerAttributes?: Record<string, AttributeValue>
    LatencyInMs?: Record<string, number>
  }[]
  GameSessionConnectionInfo?: { GameSessionArn: string; MatchedPlayerSessions?: { PlayerId: string }[] }
}
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
  readonly #isBackfill = (ticketId: string) => this.lives.get(ticketId)?.kind === 'backfill'
  readonly #proposals = new Map<string, Proposal>()
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
    const drops: { proposal: Proposal; verdict: string }[] = []
    const formed: MatchmakingDetail[] = []
    this.#recordAnswers(entry)
    const before = this.#statusOfNamed(entry)
    for (const { detail } of reply.events) {
      if (!('tickets' in detail)) {
        this.met.add(detail.type)
        // A placement has the id of its match.
        if (detail.type !== 'PlacementFulfilled') this.#proposals.delete(detail.placementId)
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
        if (ENDS.has(detail.type)) this.#leave(ticketId)
      }
      if (detail.type === 'PotentialMatchCreated') formed.push(detail)
      const drop = this.#follow(engine, entry, detail)
      if (drop) drops.push(drop)
    }
    const views = this.#compare(engine, entry, heard)
    for (const { proposal, verdict } of drops) this.#checkDrop(engine, entry, proposal, verdict, views, heard)
    for (const match of formed) checkFormed(engine, entry.timeMs, match, views, this.#isBackfill)
    this.#checkStop(entry, before, views)
    this.#checkUndecided(entry)
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

  #recordAnswers({ command, timeMs }: JournalEntry): void {
    if (command.operation !== 'AcceptMatch') return
    const { TicketId, PlayerIds, AcceptanceType } = command.input as {
      TicketId: string
      PlayerIds: string[]
      AcceptanceType: string
    }
    const proposal = [...this.#proposals.values()].find(({ tickets }) => tickets.has(TicketId))
    if (!proposal || proposal.decided) throw new Error(`an answer of ${TicketId} was taken without a proposed match`)
    if (timeMs >= (proposal.dueMs ?? 0)) throw new Error(`an answer of ${TicketId} was taken after its time`)
    for (const playerId of PlayerIds) proposal.answers.set(playerId, AcceptanceType === 'ACCEPT')
  }

  /** Nobody waits for more once everyone has accepted or someone has rejected. */
  #checkUndecided({ command }: JournalEntry): void {
    if (command.operation !== 'AcceptMatch') return
    for (const proposal of this.#proposals.values()) {
      const missing = this.#mustAnswer(proposal).some((playerId) => !proposal.answers.has(playerId))
      if (!proposal.decided && !missing) throw new Error(`${proposal.matchId} has all its answers and is not decided`)
    }
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

  /** A proposal begins, is decided or comes to its end. Returns it when it is dropped. */
  #follow(engine: Engine, { timeMs, command }: JournalEntry, detail: MatchmakingDetail) {
    const ids = detail.tickets.map(({ ticketId }) => ticketId)
    if (detail.type === 'PotentialMatchCreated') {
      for (const { matchId, tickets } of this.#proposals.values()) {
        for (const ticketId of ids) if (tickets.has(ticketId)) throw new Error(`${ticketId} is in ${matchId} already`)
      }
      const backfills = ids.filter((ticketId) => this.lives.get(ticketId)?.kind === 'backfill').length
      if (backfills > 1 || backfills === ids.length)
        throw new Error(`${backfills} of ${ids.length} tickets are backfill`)
      this.#proposals.set(detail.matchId, {
        matchId: detail.matchId,
        tickets: new Map(detail.tickets.map(({ ticketId, players }) => [ticketId, players])),
        dueMs: detail.acceptanceRequired ? timeMs + (detail.acceptanceTimeout ?? 0) * 1000 : null,
        answers: new Map(),
        decided: !detail.acceptanceRequired,
      })
      return null
    }
    if (detail.type === 'AcceptMatchCompleted') {
      const proposal = this.#proposals.get(detail.matchId)
      if (!proposal || proposal.decided) throw new Error(`${detail.matchId} was decided twice or never proposed`)
      sameDeep(new Set(ids), new Set(proposal.tickets.keys()))
      proposal.decided = true
      const all = this.#mustAnswer(proposal).every((playerId) => proposal.answers.get(playerId) === true)
      same(
        all && command.operation === 'AcceptMatch',
        detail.acceptance === 'Accepted',
        `${detail.acceptance} with all: ${all}`,
      )
      if (detail.acceptance === 'Accepted') return null
      this.#proposals.delete(detail.matchId)
      return { proposal, verdict: detail.acceptance }
    }
    if (detail.type === 'MatchmakingSucceeded') {
      const proposal = this.#proposals.get(detail.matchId)
      if (!proposal?.decided) throw new Error(`${detail.matchId} succeeded undecided`)
      sameDeep(new Set(ids), new Set(proposal.tickets.keys()), `tickets of ${detail.matchId}`)
      for (const { ticketId, players } of detail.tickets) {
        const teams = players.map(({ playerId, team }) => [playerId, team])
        sameDeep(
          teams,
          proposal.tickets.get(ticketId)?.map(({ playerId, team }) => [playerId, team]),
        )
      }
      this.#proposals.delete(detail.matchId)
      const { gameSessionArn } = detail.gameSessionInfo
      if (gameSessionArn !== undefined) {
        if (!this.sessionArns.includes(gameSessionArn)) this.sessionArns.push(gameSessionArn)
        this.#checkSession(engine, gameSessionArn, detail)
      }
    }
    return null
  }

  /** The server is told of every player of the match. */
  #checkSession(engine: Engine, arn: string, { tickets }: MatchmakingDetail): void {
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

  #mustAnswer({ tickets }: Proposal): string[] {
    return [...tickets].flatMap(([ticketId, players]) =>
      this.lives.get(ticketId)?.kind === 'new' ? players.map(({ playerId }) => playerId) : [],
    )
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

  #checkDrop(
    engine: Engine,
    entry: JournalEntry,
    proposal: Proposal,
    verdict: string,
    views: ReadonlyMap<string, TicketView>,
    heard: ReadonlyMap<string, string[]>,
  ): void {
    const { command, timeMs } = entry
    const takenOut = [...proposal.tickets.keys()].filter((ticketId) => wasTakenOut(views.get(ticketId), entry, verdict))
    if (verdict === 'TimedOut') {
      if (
        command.operation !== 'Tick' ||
        timeMs < (proposal.dueMs ?? Number.POSITIVE_INFINITY) ||
        takenOut.length > 0
      ) {
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
      const isNew = this.lives.get(ticketId)?.kind === 'new'
      const answers = isNew ? players.map(({ playerId }) => proposal.answers.get(playerId) ?? null) : []
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

  /** After a Tick nothing is overdue: no unanswered proposal, nobody in the pool beyond the request time-out. */
  #checkTimes(engine: Engine, timeMs: number, views: ReadonlyMap<string, TicketView>): void {
    for (const { matchId, dueMs, decided } of this.#proposals.values()) {
      if (!decided && dueMs !== null && dueMs <= timeMs) throw new Error(`${matchId} waits for answers beyond its time`)
    }
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
      const inside = [...this.#proposals.values()].filter(({ tickets }) => tickets.has(TicketId))
      const expected = Status === 'REQUIRES_ACCEPTANCE' || Status === 'PLACING' ? 1 : 0
      same(inside.length, expected, `${TicketId} is ${Status} and in ${inside.length} proposals`)
      if (isFinal(Status) || Status === 'PLACING') continue
      for (const { PlayerId } of Players) {
        if (places.has(PlayerId)) throw new Error(`${PlayerId} is in ${TicketId} and in ${places.get(PlayerId)}`)
        places.set(PlayerId, TicketId)
      }
    }
  }

  /** A placement that could not even be tried ends the match for each ticket by itself. */
  #leave(ticketId: string): void {
    for (const [matchId, { tickets, decided }] of this.#proposals) {
      if (decided && tickets.delete(ticketId) && tickets.size === 0) this.#proposals.delete(matchId)
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

/** Cancelled from outside of the match: stopped, superseded, replaced, or its session ended. */
function wasTakenOut(view: TicketView | undefined, { command }: JournalEntry, verdict: string): boolean {
  // Ended and not kept: of what could have ended it, only this can be told.
  if (!view) return verdict === 'Rejected' && command.operation !== 'AcceptMatch'
  if (view.Status !== 'CANCELLED') return false
  return view.StatusReason === 'Cancelled' || view.StatusReason === 'Cancelled due to duplicate player'
}

/** The request time-out by configuration, in ms. */
function timeoutsOf(engine: Engine): Map<string, number> {
  const { Configurations } = engine.read('DescribeMatchmakingConfigurations', {}, 0) as {
    Configurations: { Name: string; RequestTimeoutSeconds: number }[]
  }
  return new Map(Configurations.map(({ Name, RequestTimeoutSeconds }) => [Name, RequestTimeoutSeconds * 1000]))
}

export function readViews(engine: Engine, ticketIds: readonly string[]): Map<string, TicketView> {
  const views = new Map<string, TicketView>()
  for (let from = 0; from < ticketIds.length; from += 10) {
    const TicketIds = ticketIds.slice(from, from + 10)
    const { TicketList } = engine.read('DescribeMatchmaking', { TicketIds }, 0) as { TicketList: TicketView[] }
    for (const ticket of TicketList) views.set(ticket.TicketId, ticket)
  }
  return views
}

function readOrNull(engine: Engine, operation: 'DescribeGameSessions', input: Record<string, unknown>) {
  try {
    return engine.read(operation, input, 0)
  } catch {
    return null
  }
}
