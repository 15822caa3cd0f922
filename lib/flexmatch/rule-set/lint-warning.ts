/** Something in a legal rule set that is probably not meant. Nothing here stops the rule set from being used. */
export interface Warning {
  /** Where in the body, as in RuleSetReason: `rules[2].maxDistance`, `expansions[0].steps[1].value`. */
  path: string
  code: WarningCode
  /** What it is, why it matters and what to do about it. */
  message: string
}

export type WarningCode =
  | 'attribute-never-sent'
  | 'attribute-unused'
  | 'party-too-large'
  | 'match-of-one'
  | 'rule-never-passes'
  | 'rule-always-passes'
  | 'rules-contradict'
  | 'rule-not-enforced-alone'
  | 'latency-without-data'
  | 'expansion-after-timeout'
  | 'expansion-without-effect'
  | 'expansion-tightens'
  | 'expansion-never-passes'

/** What is known of the tickets and the configuration; each part is optional, and what it would show is left out then. */
export interface LintContext {
  /** The configuration's RequestTimeoutSeconds: a ticket never gets older in the pool. */
  requestTimeoutSeconds?: number
  /** Names of the player attributes that tickets carry. */
  sentAttributes?: ReadonlySet<string>
  /** Players on the largest ticket. */
  largestParty?: number
  /** Whether tickets carry LatencyInMs. */
  latencySent?: boolean
}
