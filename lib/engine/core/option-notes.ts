/** What each option decides and why there is one; docs/engine-options.md is made of it. */
import type { OptionPath } from './options.ts'

export interface OptionNote {
  values: string
  decides: string
  /**
   * `disagree`: the sources of FlexMatch contradict each other. `open`: none of them says. `emulated`: what stands in for
   * a fleet, a network or an account, of which there is none here.
   */
  because: 'disagree' | 'open' | 'emulated'
  why: string
}

export const OPTION_NOTES: Record<OptionPath, OptionNote> = {
  seed: {
    values: '1 to 256 characters',
    decides:
      'All that is random: generated ids, event ids, team choice, the emulated fleet. A new journal begins with a random one.',
    because: 'emulated',
    why: 'The same seed and the same commands give the same run.',
  },
  region: {
    values: 'an AWS region name',
    decides: 'The Region in ARNs, and where sessions of players without latency run.',
    because: 'emulated',
    why: 'There is no account to take it from.',
  },
  accountId: {
    values: 'twelve digits',
    decides: 'The account in ARNs.',
    because: 'emulated',
    why: 'There is no account.',
  },
  tickMs: {
    values: 'ms, 1 to a day',
    decides: 'Tickets are picked up and matches are looked for this often per configuration.',
    because: 'open',
    why: 'The service says "continually"; seconds are normal there.',
  },
  'acceptance.pendingTickets': {
    values: '`cancel`, `requeue`',
    decides:
      'What becomes of a ticket that had not answered when another ticket rejected: CANCELLED, or back to SEARCHING. When the time runs out it is CANCELLED either way.',
    because: 'disagree',
    why: 'The AcceptMatch reference cancels, older texts and the configuration reference let it search on.',
  },
  'acceptance.cancelledEvent': {
    values: 'true, false',
    decides: 'Whether tickets that a dropped match cancels are announced with MatchmakingCancelled.',
    because: 'disagree',
    why: 'The event reference ties the event to StopMatchmaking; back ends in production wait for one.',
  },
  'duplicatePlayer.textIn': {
    values: '`StatusMessage`, `StatusReason`',
    decides: 'Which member of a superseded ticket says "Cancelled due to duplicate player".',
    because: 'disagree',
    why: 'The guide calls it the reason, and it reads like a message.',
  },
  missingAttribute: {
    values: '`accept`, `refuse`',
    decides:
      'A ticket without an attribute that has no default: taken, never matched and timed out, or refused with InvalidRequestException.',
    because: 'open',
    why: 'It is documented that it cannot succeed, not when that is noticed.',
  },
  'autoBackfill.reissueAfterTimeout': {
    values: 'true, false',
    decides: 'Whether an automatic backfill ticket that timed out is followed by a new one.',
    because: 'disagree',
    why: 'One text continues until it is turned off, a newer one until the ticket has expired.',
  },
  'placement.delayMs': {
    values: 'ms, up to a day',
    decides: 'How long tickets are PLACING before their session runs.',
    because: 'emulated',
    why: 'No server has to start here.',
  },
  'placement.outcome': {
    values: '`fulfil`, `fail`, `time-out`',
    decides: 'What a placement comes to that is due from now on.',
    because: 'emulated',
    why: 'A game has to cope with all three.',
  },
  'placement.maxActiveSessions': {
    values: 'a number, or null for no limit',
    decides:
      'How many sessions the fleet can run at once; at the limit a placement waits for room until its queue gives up.',
    because: 'emulated',
    why: 'A full fleet is the usual reason for placements that time out.',
  },
  'placement.searchingEventAfterTimeout': {
    values: 'true, false',
    decides:
      'Whether tickets that a timed out placement returns to the pool are announced with MatchmakingSearching again.',
    because: 'disagree',
    why: 'The event list says so, an answer by AWS staff says there is none.',
  },
  'gameSession.players': {
    values: '`join`, `wait`',
    decides: 'Whether reserved players become ACTIVE, or let their reservation expire after 60 s.',
    because: 'emulated',
    why: 'No game client connects here.',
  },
  'gameSession.joinAfterMs': {
    values: 'ms, up to a day',
    decides: 'How long players need to join.',
    because: 'emulated',
    why: 'No game client connects here.',
  },
  'matchmakerData.autoBackfillKeys': {
    values: '`null`, `absent`',
    decides:
      'What matchmaker data has in place of autoBackfillMode and autoBackfillTicketId when there is none: the key with null, or no key.',
    because: 'disagree',
    why: 'Captured documents have null, the documented example has no such keys.',
  },
  'matchmakerData.defaults': {
    values: '`leave-out`, `show`',
    decides:
      "Whether matchmaker data shows the rule set's default of an attribute that a player did not send. As of the match.",
    because: 'open',
    why: 'Defaults count in rules; whether the server sees them is not documented.',
  },
  'events.delayMs': {
    values: 'ms, up to a day',
    decides: 'How long after it happened an event is sent at the earliest, by the clock of the engine.',
    because: 'emulated',
    why: 'Events trail the API.',
  },
  'events.repeatPercent': {
    values: '0 to 100',
    decides: 'How many of a hundred events are delivered twice. Which ones follows from their ids.',
    because: 'emulated',
    why: 'EventBridge delivers at least once.',
  },
  'events.shuffleMs': {
    values: 'ms, up to a day',
    decides:
      'The events of each period of this length are delivered when it is over, in an order that follows from their ids (of at most 1,000 at a time). 0: in order.',
    because: 'emulated',
    why: 'The order of events is not guaranteed.',
  },
  'requestRates.enforced': {
    values: 'true, false',
    decides:
      'Whether requests over the rate of their operation are refused with ThrottlingException "Rate exceeded". They are counted in real time and leave no trace in the journal.',
    because: 'emulated',
    why: 'The documented rates are those of an account. The newest page counts where an older one has lower rates for configurations.',
  },
  'requestRates.percent': {
    values: '1 to 100',
    decides: 'The share of the documented rates that is granted. At least one request is always taken.',
    because: 'emulated',
    why: 'A few clients in a test never reach the rates of a whole game.',
  },
  'latency.requireCommonRegion': {
    values: 'true, false',
    decides:
      'Whether a latency rule asks for one Region that suits every ticket of the match, or only that each ticket has some.',
    because: 'open',
    why: 'The documentation speaks of each ticket; a session can only be in one place.',
  },
  partyValueWeight: {
    values: '`player`, `ticket`',
    decides:
      'After party aggregation: the value counts once per player of the party, or once per ticket. Only avg, count, sum, median, stddev and contains can tell.',
    because: 'open',
    why: 'It is documented that there is one value, not how it weighs.',
  },
  stringPartyAggregation: {
    values: '`perPlayer`, `failParties`',
    decides: 'A comparison of strings with parties: player by player, or no party ever passes.',
    because: 'open',
    why: 'Strings have no average. Players reported that parties are never matched.',
  },
  'limits.configurations': quota('Matchmaking configurations.'),
  'limits.ruleSets': quota('Matchmaking rule sets.'),
  'limits.queues': quota('Game session queues.'),
  'limits.tagsPerResource': {
    values: '0 to 200',
    decides: 'Tags of one resource; over it TaggingFailedException.',
    because: 'disagree',
    why: 'The model allows 200, the general AWS limit is 50.',
  },
  'limits.finishedTickets': kept(
    'Finished tickets that DescribeMatchmaking still knows, the newest, and for 30 days at most.',
  ),
  'limits.endedGameSessions': kept(
    'Ended game sessions that are still described, the newest, and for 30 days at most.',
  ),
  'limits.liveGameSessions': {
    values: 'a number',
    decides: 'Sessions that run at once; a new one ends the oldest.',
    because: 'emulated',
    why: 'No game server runs here that would ever end its game.',
  },
}

function quota(decides: string): OptionNote {
  const why = 'The default quota of an account, which can be raised there.'
  return { values: 'a number', decides: `${decides} Over it LimitExceededException.`, because: 'emulated', why }
}

function kept(decides: string): OptionNote {
  return { values: 'a number', decides, because: 'open', why: 'How long the service keeps them is not documented.' }
}

/** Where sources disagree or are silent and there is no option all the same. */
export const NO_OPTION: readonly [point: string, chosen: string, why: string][] = [
  [
    'Precision of the time of an event',
    'milliseconds in SNS; in EventBridge the variable `ENGINE_EVENT_TIME`, whole seconds unless set',
    'A property of the delivery that receivers read either way, set per process: see decision 0006.',
  ],
  [
    'Age for expansions: from the creation of the tickets, or of the potential match',
    'from the creation of the newest ticket, or the oldest where the rule set says so',
    'The newer answer shows it on worked examples. A potential match has no age here: it is formed in the pass that finds it.',
  ],
  [
    'Names of teams with a quantity: `squad_1` or `squad1`',
    '`squad_1`',
    'The guide of 2020, captured events and matchmaker data have the underscore; one page has lost it with its formatting.',
  ],
  [
    '`strategy` and `batchingPreference`: required or with a default',
    'optional, `exhaustiveSearch` and `random` or `largestPopulation`',
    'A rule set that names them is read in the same way, and one that does not would only be refused.',
  ],
  [
    '`backfillPriority` in large matches',
    'accepted',
    'The schema lists it; refusing it would break rule sets that the service takes.',
  ],
  [
    'The name of the rule set in matchmaker data',
    'left out',
    'The guide says it is there; no example or captured document has it, so nobody knows under which key.',
  ],
  [
    'Slots for automatic backfill',
    'places of the teams without the matched players, less `AdditionalPlayerCount`',
    'The matches that would fill them keep the same places free: a ticket for them would never be matched.',
  ],
  [
    '`Team` in StartMatchmaking',
    'accepted and not used',
    'Documented as meant for backfill; sample code sends it, so it cannot be refused.',
  ],
  ['StopMatchmaking while PLACING', 'refused', 'The guide says "at any time", the service answered with this error.'],
  [
    'Answers in AcceptMatchCompleted',
    'none',
    'The only example has none. The answers are in the AcceptMatch events before it.',
  ],
  [
    '`estimatedWaitMillis`, EstimatedWaitTime',
    'seconds: the mean wait, from start to end, of the tickets for new matches that completed in the last 15 minutes; absent, or NOT_AVAILABLE, without any',
    'The newest text says seconds despite the name. Backfill tickets hold players who are playing, not waiting.',
  ],
  [
    'A late answer',
    'AcceptMatch is refused from the deadline on',
    'The time limit is documented; that the engine looks at deadlines once in a while is its own affair.',
  ],
  [
    'ARNs with or without account',
    'with',
    'The reference shows none, every real response has it. Without it they are understood too.',
  ],
  [
    '`ruleEvaluationMetrics` of a ticket that never was in a match',
    'every rule, with what was counted while the ticket looked for a match itself',
    'The examples show 0 and 0 for a ticket that was cancelled at once.',
  ],
]
