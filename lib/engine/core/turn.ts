/** One journal entry being applied: the state it changes, its time, and where its ids, numbers and events come from. */

import type { MatchmakingDetail, PlacementDetail } from '#lib/flexmatch/events.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { Command, EngineEvent, JournalEntry } from './contract.ts'
import { isForced } from './force-marks.ts'
import { IdSource } from './ids.ts'
import type { ConfigurationState, State } from './state.ts'

export class Turn {
  readonly state: State
  readonly nowMs: number
  readonly events: EngineEvent[] = []
  readonly #position: number
  readonly #command: Command
  /** Made when it is asked for: most requests draw nothing. */
  #ids: IdSource | null = null

  constructor(state: State, { position, timeMs, command }: JournalEntry) {
    this.state = state
    this.nowMs = timeMs
    this.#position = position
    this.#command = command
  }

  get #source(): IdSource {
    this.#ids ??= new IdSource(this.state.options.seed, this.#position)
    return this.#ids
  }

  newId(): string {
    return this.#source.newId()
  }

  /** Uniform in [0, 1). */
  random(): number {
    return this.#source.random()
  }

  emit(resourceArn: string, detail: MatchmakingDetail | PlacementDetail): void {
    const index = this.events.length
    const eventId = this.#source.eventId(index)
    const event: EngineEvent = { position: this.#position, index, eventId, timeMs: this.nowMs, resourceArn, detail }
    if (isForced(this.state, this.#command, detail)) event.forced = true
    this.events.push(event)
  }
}

export function configurationOf(state: State, name: string): ConfigurationState {
  const configuration = state.configurations.get(name)
  if (!configuration) throw new Error(`Matchmaking configuration ${name} is gone while a ticket of it is active.`)
  return configuration
}

/** The rule set a configuration uses now, parsed once. */
export function ruleSetOf(state: State, configuration: ConfigurationState): RuleSet {
  const { ruleSetName } = configuration.settings
  const known = state.parsedRuleSets.get(ruleSetName)
  if (known) return known
  const ruleSet = state.ruleSets.get(ruleSetName)
  if (!ruleSet) throw new Error(`Rule set ${ruleSetName} is gone while configuration ${configuration.name} uses it.`)
  const parsed = parseRuleSet(ruleSet.body)
  state.parsedRuleSets.set(ruleSetName, parsed)
  return parsed
}
