/** One journal entry being applied: the state it changes, its time, and where its ids, numbers and events come from. */

import type { MatchmakingDetail, PlacementDetail } from '#lib/flexmatch/events.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { EngineEvent, JournalEntry } from './contract.ts'
import { isForced } from './force-marks.ts'
import { createIdSource } from './ids.ts'
import type { ConfigurationState, State } from './state.ts'

export interface Turn {
  readonly state: State
  readonly nowMs: number
  readonly events: EngineEvent[]
  newId(): string
  random(): number
  emit(resourceArn: string, detail: MatchmakingDetail | PlacementDetail): void
}

export function startTurn(state: State, { position, timeMs, command }: JournalEntry): Turn {
  const ids = createIdSource(state.options.seed, position)
  const events: EngineEvent[] = []
  return {
    state,
    nowMs: timeMs,
    events,
    newId: ids.newId,
    random: ids.random,
    emit(resourceArn, detail) {
      const index = events.length
      const event: EngineEvent = { position, index, eventId: ids.eventId(index), timeMs, resourceArn, detail }
      if (isForced(state, command, detail)) event.forced = true
      events.push(event)
    },
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
