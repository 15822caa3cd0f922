/** Whether somebody may do something somewhere now: the table, what the place is, and the brakes, in one answer. */
import { type Environment, effectiveProtection } from '#lib/environments/environment.ts'
import { rowOf } from './role-table.ts'
import { type Action, type Ask, asks, type Role, whyNot } from './roles.ts'
import { type SwitchOn, stoppedBy, stoppedSentence } from './switches.ts'

export type Place = Pick<Environment, 'protection' | 'onProductionList' | 'kind' | 'label'>
export type Judgement = { refusal: string; ask?: undefined } | { refusal: null; ask: Ask }

/** `on` are the switches that are on. A refusal is a sentence for a disabled control. */
export function judge(role: Role, action: Action, place: Place, on: readonly SwitchOn[]): Judgement {
  const protection = effectiveProtection(place)
  const refusal = whyNot(role, action, protection)
  if (refusal !== null) return { refusal }
  if (rowOf(action)?.localOnly && place.kind !== 'local') {
    return { refusal: `Only our own engine can do that: ${place.label} is GameLift, which has no call for it.` }
  }
  const stopped = stoppedBy(action, on)
  if (stopped) return { refusal: stoppedSentence(action, stopped) }
  const ask = asks(role, action, protection)
  return ask === null ? { refusal: 'Nobody may do that.' } : { refusal: null, ask }
}
