/** What can be stopped for everybody. Apart from `switches.ts`, because pages list them. */
import { ACTIONS, type Action, rowOf } from './role-table.ts'

export const READ_ONLY = 'read-only'
/** Everything, or the action that nobody may do. */
export type SwitchName = typeof READ_ONLY | Action

/** Looking is never stopped, nor is the brake itself. */
export function mayBeStopped(action: Action): boolean {
  const kind = rowOf(action)?.kind
  return kind === 'act' || kind === 'own' || kind === 'tell'
}
export const SWITCHABLE: readonly Action[] = ACTIONS.filter(mayBeStopped)
