/**
 * Why a ticket waits: the answer of the lab call `explain`, fit to be shown. Times are epoch ms, ages and waits seconds.
 * Every part has a `sentence` in plain English that says the same as its numbers.
 */
import type { FoundMatch } from '#lib/engine/core/contract.ts'
import type { RuleEvaluationMetric } from '#lib/flexmatch/events.ts'
import type { Rule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { TicketStatus } from '#lib/flexmatch/status.ts'

export interface Explanation {
  ticketId: string
  configurationName: string
  status: TicketStatus
  /** The time for which all of this holds. */
  askedAtMs: number
  /** Since the ticket began; for an ended ticket how long it took. */
  waitedSeconds: number
  /** When the ticket ends with TIMED_OUT if nothing happens; null once it has left the pool. */
  timesOutAtMs: number | null
  lastPassAtMs: number | null
  nextPassAtMs: number | null
  sentence: string
  verdict: Verdict
  /** The other tickets of the pool against this one. null while the ticket is not SEARCHING, as are all parts below. */
  weighed: Weighed | null
  /** What was refused by least; null when nothing was refused. */
  nearestMiss: NearestMiss | null
  /** Every step of every expansion, by wait time. */
  expansions: ExplainedStep[]
  /** The engine's own counts since the ticket came into the pool: every evaluation of every pass. */
  ruleEvaluationMetrics: RuleEvaluationMetric[]
}

/** What `explain` finds out about a ticket that is SEARCHING. */
export type SearchExplanation = Pick<Explanation, 'sentence' | 'verdict' | 'nearestMiss' | 'expansions'> & {
  weighed: Weighed
}

export type Verdict =
  /** In no pool now. */
  | { kind: 'not-searching'; sentence: string }
  /** No other ticket, at no age before the time-out, can make a match with this one. */
  | { kind: 'never'; reasons: NeverReason[]; sentence: string }
  /** The tickets that wait now make no match with it, at any age: other players have to come. */
  | {
      kind: 'waiting'
      /** Players still missing on teams of the best set; 0 when its teams are filled and rules refuse it. */
      playersNeeded: number
      best: PossibleMatch
      /** Rules that refuse `best` although its teams are filled. */
      refusals: Refusal[]
      certain: boolean
      sentence: string
    }
  /** The tickets that wait now make a match once some are old enough, if all of them go on waiting. */
  | {
      kind: 'later'
      atMs: number
      inSeconds: number
      /** Age of the match at `atMs`, by the rule set's expansionAgeSelection. */
      matchAgeSeconds: number
      /** This ticket's own age at `atMs`. */
      ticketAgeSeconds: number
      /** The steps that make the difference. */
      steps: StepReference[]
      match: PossibleMatch
      /** False when the search was cut: a match can then be possible earlier. */
      certain: boolean
      sentence: string
    }
  /** A match is possible now; the next pass may form it, or another with the same tickets. */
  | { kind: 'soon'; match: PossibleMatch; sentence: string }

export interface NeverReason {
  reason:
    | 'missing-attribute'
    | 'no-latency'
    | 'unknown-team'
    /** More players than any team takes, or on a team than it takes. */
    | 'too-large'
    /** A rule that the ticket breaks alone, at every age it can live to see. */
    | 'rule'
    /** A rule set that never makes any match. */
    | 'rule-set'
    /** A later step would help, and falls due only after the request's time-out. */
    | 'times-out-first'
    | 'timed-out'
  ruleName: string | null
  measured: Measurement | null
  sentence: string
}

export interface PossibleMatch {
  /** `teams[i]` is the team of that ticket's i-th player. */
  tickets: FoundMatch['tickets']
  teams: { name: string; playerCount: number; minPlayers: number; maxPlayers: number }[]
  playerCount: number
}

export interface Refusal {
  reason:
    | 'rule'
    /** No team, or not the match, has room for all players. */
    | 'size'
    /** A match has one backfill ticket at most. */
    | 'two-backfills'
    /** The other ticket can be in no match at all. */
    | 'never-matches'
  ruleName: string | null
  ruleType: Rule['type'] | null
  /** null where there is no number or text to compare. */
  measured: Measurement | null
  sentence: string
}

/** A value that was held against a limit, and missed it. */
export interface Measurement {
  /** In the rule language's words: `distance of … from …`, `latency in us-east-1`. */
  what: string
  value: number | string
  bound: 'at most' | 'at least' | 'below' | 'above' | 'equal to' | 'other than'
  limit: number | string
  /** By how much `value` lies outside; null where that is no number. */
  missBy: number | null
  unit: 'ms' | null
}

export interface Weighed {
  /** Other tickets that search in this configuration. */
  waitingTickets: number
  /** Of those, how many were weighed: all unless `cut`. */
  consideredTickets: number
  cut: boolean
  /** Could be in one match with this ticket, as far as the two alone decide. */
  fittingTickets: number
  fittingPlayers: number
  refusedTickets: number
  /** One per enforced rule, in the rule set's order, then the reasons that are no rules, where they refused anything. */
  reasons: WeighedReason[]
  /** The most relevant ones: those that fit, then the nearest misses. */
  tickets: WeighedTicket[]
  sentence: string
}
export interface WeighedReason {
  reason: Refusal['reason']
  ruleName: string | null
  ruleType: Rule['type'] | null
  passedCount: number
  refusedCount: number
  sentence: string
}
export interface WeighedTicket {
  ticketId: string
  playerCount: number
  waitedSeconds: number
  fits: boolean
  /** Everything that speaks against the pair; empty when it fits. */
  refusals: Refusal[]
  sentence: string
}

export interface NearestMiss {
  /** `pair`: one other ticket with this one. `match`: full teams that a rule refuses. */
  kind: 'pair' | 'match'
  /** The tickets beside this one. */
  ticketIds: string[]
  refusals: Refusal[]
  sentence: string
}

export interface StepReference {
  /** Where the body has it: `expansions[0].steps[1]`. */
  path: string
  /** `rules[FairSkill].maxDistance`, `teams[red].minPlayers`. */
  target: string
  waitTimeSeconds: number
  /** As written; an expression or list as JSON. */
  value: number | string
  /** What it replaces: the value written in the rule or team, or that of the step before. */
  before: number | string | null
}
export interface ExplainedStep extends StepReference {
  /** Whether this ticket is old enough for it. The age that counts is that of the match's newest or oldest ticket. */
  due: boolean
  /** When this ticket is old enough for it. */
  dueAtMs: number
  /** The ticket times out first. */
  afterTimeout: boolean
  /**
   * Of the weighed tickets those that would fit this one in a match old enough for this step and no later one; null
   * when the work for it ran out.
   */
  fittingTickets: number | null
  /** Whether it is one of the steps that make the match of the verdict `later`. */
  makesMatch: boolean
  sentence: string
}
