/** The engine's options: their defaults, what each decides, and how a partial change is checked and merged. */
import { type EngineOptions, type EngineOptionsPatch, Refusal } from './contract.ts'

export const DEFAULT_OPTIONS: EngineOptions = {
  /** Everything random derives from it: ids, team choice, the emulated fleet. */
  seed: 'matchdesk',
  /** In every ARN, and the place of sessions whose players report no latency. */
  region: 'us-east-1',
  accountId: '000000000000',
  /** QUEUED tickets are picked up and matches are looked for this often per configuration. */
  tickMs: 1000,
  acceptance: {
    /** The AcceptMatch reference: undecided tickets of a rejected match are cancelled. `requeue` sends them back to the pool. */
    pendingTickets: 'cancel',
    /** A dropped match tells of its cancelled tickets with MatchmakingCancelled; false: only the statuses tell. */
    cancelledEvent: true,
  },
  /** Where a ticket superseded by a newer one of the same player carries "Cancelled due to duplicate player". */
  duplicatePlayer: { textIn: 'StatusMessage' },
  /** `accept`: a ticket without a required attribute is taken and ends in TIMED_OUT. `refuse`: the call fails at once. */
  missingAttribute: 'accept',
  /** Whether an automatic backfill ticket that timed out is followed by a new one. */
  autoBackfill: { reissueAfterTimeout: true },
  placement: {
    /** From the match to the running session: how long tickets show PLACING. */
    delayMs: 2000,
    /** Read at the moment the placement is due, so it can be forced while tickets are PLACING. */
    outcome: 'fulfil',
    maxActiveSessions: null,
    searchingEventAfterTimeout: true,
  },
  gameSession: {
    players: 'join',
    joinAfterMs: 3000,
  },
  matchmakerData: { autoBackfillKeys: 'null', defaults: 'leave-out' },
  events: { delayMs: 0, repeatPercent: 0, shuffleMs: 0 },
  requestRates: { enforced: false, percent: 100 },
  /** A latency rule needs one Region that suits every ticket of the match. */
  latency: { requireCommonRegion: true },
  /** After party aggregation: one value per player of the ticket, or one per ticket. */
  partyValueWeight: 'player',
  /** Strings cannot be averaged: compare player by player, or let parties fail as has been reported of the service. */
  stringPartyAggregation: 'perPlayer',
  limits: {
    configurations: 300,
    ruleSets: 1000,
    queues: 100,
    tagsPerResource: 50,
    finishedTickets: 10_000,
    endedGameSessions: 1000,
    liveGameSessions: 10_000,
  },
}

/** Every single option: `placement.delayMs`. */
export type OptionPath = {
  [K in keyof EngineOptions]: EngineOptions[K] extends object ? `${K}.${keyof EngineOptions[K] & string}` : K
}[keyof EngineOptions]

type Check = (value: unknown) => string | null

const oneOf =
  (...allowed: string[]): Check =>
  (value) =>
    allowed.includes(value as string) ? null : `one of ${allowed.join(', ')}`
const flag: Check = (value) => (typeof value === 'boolean' ? null : 'true or false')
const matching =
  (pattern: RegExp, expected: string): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? null : expected
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? null
      : `a whole number from ${least} to ${most}`
const orNull =
  (check: Check): Check =>
  (value) => {
    const expected = value === null ? null : check(value)
    return expected && `${expected}, or null`
  }

const DAY_MS = 86_400_000
const COUNT = whole(0, 10_000_000)

type Checks = {
  [K in keyof EngineOptions]: EngineOptions[K] extends object ? Record<keyof EngineOptions[K], Check> : Check
}
const CHECKS: Checks = {
  seed: matching(/^[\s\S]{1,256}$/, 'a text of 1 to 256 characters'),
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region name'),
  accountId: matching(/^\d{12}$/, 'twelve digits'),
  tickMs: whole(1, DAY_MS),
  acceptance: { pendingTickets: oneOf('cancel', 'requeue'), cancelledEvent: flag },
  duplicatePlayer: { textIn: oneOf('StatusMessage', 'StatusReason') },
  missingAttribute: oneOf('accept', 'refuse'),
  autoBackfill: { reissueAfterTimeout: flag },
  placement: {
    delayMs: whole(0, DAY_MS),
    outcome: oneOf('fulfil', 'fail', 'time-out'),
    maxActiveSessions: orNull(COUNT),
    searchingEventAfterTimeout: flag,
  },
  gameSession: { players: oneOf('join', 'wait'), joinAfterMs: whole(0, DAY_MS) },
  matchmakerData: { autoBackfillKeys: oneOf('null', 'absent'), defaults: oneOf('leave-out', 'show') },
  events: { delayMs: whole(0, DAY_MS), repeatPercent: whole(0, 100), shuffleMs: whole(0, DAY_MS) },
  requestRates: { enforced: flag, percent: whole(1, 100) },
  latency: { requireCommonRegion: flag },
  partyValueWeight: oneOf('player', 'ticket'),
  stringPartyAggregation: oneOf('perPlayer', 'failParties'),
  limits: {
    configurations: COUNT,
    ruleSets: COUNT,
    queues: COUNT,
    tagsPerResource: whole(0, 200),
    finishedTickets: COUNT,
    endedGameSessions: COUNT,
    liveGameSessions: COUNT,
  },
}

/**
 * `base` with the given options changed. Throws a Refusal that names an option which does not exist or has a value of
 * the wrong kind; `base` is never modified.
 */
export function mergeOptions(base: EngineOptions, patch: EngineOptionsPatch): EngineOptions {
  return merge(
    '',
    base as unknown as Tree,
    patch as unknown as Tree,
    CHECKS as unknown as Tree,
  ) as unknown as EngineOptions
}

type Tree = Record<string, unknown>

function merge(path: string, base: Tree, patch: Tree, checks: Tree): Tree {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw new Refusal('InvalidRequestException', `Option ${path.slice(0, -1)} must be an object.`)
  }
  const merged = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (!check) throw new Refusal('InvalidRequestException', `There is no option ${path}${name}.`)
    if (typeof check === 'function') {
      const expected = (check as Check)(value)
      if (expected) throw new Refusal('InvalidRequestException', `Option ${path}${name} must be ${expected}.`)
      merged[name] = value
    } else {
      merged[name] = merge(`${path}${name}.`, base[name] as Tree, value as Tree, check as Tree)
    }
  }
  return merged
}
