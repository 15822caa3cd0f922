/** The engine core: one door for commands, one for reads, one for the whole state. Pure and deterministic. */
import { acceptMatch } from './acceptance.ts'
import {
  createConfiguration,
  deleteConfiguration,
  describeConfigurations,
  updateConfiguration,
} from './configurations.ts'
import {
  type Command,
  type Engine,
  type EngineOptions,
  type JournalEntry,
  type ReadOperation,
  Refusal,
  type Reply,
  type WriteOperation,
} from './contract.ts'
import { explainTicket } from './explain/explain-ticket.ts'
import { force } from './force.ts'
import { forgetEndedMarks, isForce } from './force-marks.ts'
import {
  describeGameSessionDetails,
  describeGameSessions,
  describePlayerSessions,
  searchGameSessions,
  terminateGameSession,
  updateGameSession,
} from './game-session-operations.ts'
import { RETRY_PLACEMENTS } from './game-sessions.ts'
import { KeptShapes } from './kept-shapes.ts'
import { DEFAULT_OPTIONS, mergeOptions } from './options.ts'
import { forgetMatcher, schedulePass } from './pool.ts'
import { createQueue, describeQueues } from './queues.ts'
import { evictOld } from './retention.ts'
import { createRuleSet, deleteRuleSet, describeRuleSets, validateRuleSet } from './rule-sets.ts'
import { stateFromText, stateToText } from './snapshot.ts'
import { emptyState, type State } from './state.ts'
import { listTags, tagResource, untagResource } from './tags.ts'
import { tick } from './tick.ts'
import { describeMatchmaking, startMatchBackfill, startMatchmaking, stopMatchmaking } from './ticket-operations.ts'
import { Turn } from './turn.ts'

type Output = Record<string, unknown>
// The wire has validated the shape of every input by the time it gets here; each operation names the members it reads.
type Write = (turn: Turn, input: never) => Output
type Read = (state: State, input: never, nowMs: number) => Output

const WRITES: Record<WriteOperation, Write> = {
  StartMatchmaking: startMatchmaking,
  StopMatchmaking: stopMatchmaking,
  AcceptMatch: acceptMatch,
  StartMatchBackfill: startMatchBackfill,
  CreateMatchmakingConfiguration: createConfiguration,
  UpdateMatchmakingConfiguration: updateConfiguration,
  DeleteMatchmakingConfiguration: deleteConfiguration,
  CreateMatchmakingRuleSet: createRuleSet,
  DeleteMatchmakingRuleSet: deleteRuleSet,
  TagResource: (turn, input) => tagResource(turn.state, input),
  UntagResource: (turn, input) => untagResource(turn.state, input),
  UpdateGameSession: updateGameSession,
  TerminateGameSession: terminateGameSession,
  CreateGameSessionQueue: createQueue,
}

const READS: Record<ReadOperation, Read> = {
  DescribeMatchmaking: describeMatchmaking,
  DescribeMatchmakingConfigurations: describeConfigurations,
  DescribeMatchmakingRuleSets: describeRuleSets,
  ValidateMatchmakingRuleSet: (_state, input) => validateRuleSet(input),
  ListTagsForResource: listTags,
  DescribeGameSessions: describeGameSessions,
  DescribeGameSessionDetails: describeGameSessionDetails,
  SearchGameSessions: searchGameSessions,
  DescribePlayerSessions: describePlayerSessions,
  DescribeGameSessionQueues: describeQueues,
}

/**
 * A new engine, or with `snapshotText` one that goes on exactly where the snapshot was taken. The snapshot holds its own
 * options, because they are part of what a replay must repeat; `options` counts for a new engine only. Changes after
 * that come as `SetOptions` commands. Throws when an option is wrong or the text is not a snapshot.
 */
export function createEngine(options: EngineOptions, snapshotText?: string): Engine {
  const state =
    snapshotText === undefined ? emptyState(mergeOptions(DEFAULT_OPTIONS, options)) : stateFromText(snapshotText)
  const shapes = new KeptShapes()
  return {
    apply(entry) {
      return apply(state, entry, shapes)
    },
    read(operation, input, timeMs) {
      return READS[operation](state, input as never, timeMs)
    },
    matching: () =>
      Array.from(state.configurations.values(), ({ name, queued, searching, lastPassMs, cuts }) => ({
        configurationName: name,
        queuedTickets: queued.size,
        searchingTickets: searching.size,
        lastPassAtMs: lastPassMs,
        nextPassAtMs: state.passes.get(name),
        cutPasses: cuts.passes,
        givenUpSearches: cuts.anchors,
      })),
    explain(ticketId, timeMs, weighedTickets) {
      return explainTicket(state, ticketId, timeMs, weighedTickets)
    },
    dueAtMs() {
      return earliest(earliest(state.timers.nextMs(), state.passes.nextMs()), state.requestTimeouts.nextMs())
    },
    snapshot: () => stateToText(state),
    get options() {
      return state.options
    },
  }
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}

function apply(state: State, entry: JournalEntry, shapes: KeptShapes): Reply {
  const turn = new Turn(state, entry)
  try {
    const output = run(turn, entry.command)
    evictOld(state, turn.nowMs)
    forgetEndedMarks(state)
    const reply: Reply = { ok: true, output, events: turn.events }
    shapes.keep(turn, entry.command, reply)
    return reply
  } catch (error) {
    // Operations refuse before they change anything, so there is nothing to take back.
    if (error instanceof Refusal) return { ok: false, refusal: error, events: [] }
    throw error
  }
}

function run(turn: Turn, command: Command): Output {
  if (command.operation === 'Tick') {
    tick(turn)
    return {}
  }
  if (command.operation === 'SetOptions') {
    setOptions(turn, command.input)
    return {}
  }
  if (isForce(command)) return force(turn, command)
  return WRITES[command.operation](turn, command.input as never)
}

/** Passes and waiting placements are decided anew under the new options, by the next Tick. */
function setOptions(turn: Turn, patch: Parameters<typeof mergeOptions>[1]): void {
  const { state, nowMs } = turn
  const options = mergeOptions(state.options, patch)
  for (const configuration of state.configurations.values()) forgetMatcher(state, configuration)
  state.options = options
  for (const configuration of state.configurations.values()) schedulePass(turn, configuration)
  if (state.waitingPlacements.size > 0) state.timers.set(RETRY_PLACEMENTS, nowMs)
}
