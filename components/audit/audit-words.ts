/** What the trail says, in words. */

import { rowOf } from '#lib/access/role-table.ts'
import { ACTIONS, type Action } from '#lib/access/roles.ts'

/** Of actions that need no permission, and so are not in the role table. */
const OTHER_ACTIONS: Readonly<Record<string, string>> = { 'own.sign-in': 'Sign in' }

/** "Cancel tickets"; an action of another version keeps its name. */
export function actionWords(action: string): string {
  const spoken = OTHER_ACTIONS[action] ?? rowOf(action as Action)?.spoken ?? action
  return spoken.charAt(0).toUpperCase() + spoken.slice(1)
}

export function actionChoices(): { value: string; text: string }[] {
  return [...Object.keys(OTHER_ACTIONS), ...ACTIONS]
    .map((value) => ({ value, text: actionWords(value) }))
    .sort((one, other) => one.text.localeCompare(other.text, 'en'))
}

export const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  done: 'Done',
  refused: 'Refused',
  failed: 'Failed',
  unknown: 'Not known',
  denied: 'Not allowed',
  open: 'Under way',
}
