/** What a snapshot says, its tickets written out. */
import { stateFromText } from '#lib/engine/core/snapshot.ts'
import type { SavedState } from './random-life.ts'

export function savedState(snapshot: string): SavedState {
  const tickets = [...stateFromText(snapshot).tickets.values()]
  return { ...JSON.parse(snapshot), tickets: JSON.parse(JSON.stringify(tickets)) }
}
