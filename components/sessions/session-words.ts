import type { SessionRow, SessionToldView } from '#lib/tickets/views.ts'

/** A fleet is read within a minute or two; what nobody has spoken of for longer is not news of now. */
const OLD_MS = 5 * 60_000
const RUNNING = new Set(['ACTIVATING', 'ACTIVE', 'TERMINATING'])

export interface Standing {
  /** What to show as its status. */
  word: string
  /** Whether it is so as far as anybody can know: GameLift says so, or it has ended. */
  sure: boolean
  /** What there is to say of how it is known; null where the word says all. */
  why: string | null
}

/** How a session stands, from what GameLift said of it last. `now` is epoch ms. */
export function standingOf(told: SessionToldView | null, now: number): Standing {
  if (told === null) return { word: 'not known', sure: false, why: 'Only its match tells of it; no list has.' }
  if (told.status === 'GONE') return { word: 'GONE', sure: true, why: 'GameLift does not know it any more.' }
  if (!RUNNING.has(told.status)) return { word: told.status, sure: true, why: null }
  const was = `was ${told.status}`
  const fleet = told.by ?? 'Its fleet'
  // Since it was missed it may have been asked about by itself, and answered for.
  const { unlistedAt } = told
  if (unlistedAt !== null && unlistedAt > told.seenAt)
    return { word: was, sure: false, why: `${fleet} lists it no more.` }
  if (now - Date.parse(told.seenAt) > OLD_MS) {
    return { word: was, sure: false, why: 'Nobody has spoken of it since.' }
  }
  return { word: told.status, sure: true, why: unlistedAt ? `${fleet} lists it no more, but GameLift knows it.` : null }
}

/** Where a session is known from. */
export function knownFrom({ source, told }: Pick<SessionRow, 'source' | 'told'>): string {
  if (source === 'describe') return told?.by ? `the list of ${told.by}` : 'DescribeGameSessions'
  return told?.by ? `its match and the list of ${told.by}` : 'its match'
}

/** How many are in it, and of how many: as GameLift counts, where it has. */
export function playersShown({ playerCount, told }: Pick<SessionRow, 'playerCount' | 'told'>): string {
  if (told === null || told.currentPlayers === null) return String(playerCount)
  return told.maximumPlayers === null ? String(told.currentPlayers) : `${told.currentPlayers} of ${told.maximumPlayers}`
}
