/** One party of virtual players and its ticket. */
import type { Profile } from './profiles.ts'
import type { Random } from './random.ts'
import type { VirtualPlayer } from './roster.ts'

export interface Party {
  ticketId: string
  profile: Profile
  players: readonly VirtualPlayer[]
  /** Epoch ms at which it loses patience; null for a patient party. */
  leavesAt: number | null
  /** What its players will answer to the match proposed now; null while none is proposed. */
  answers: PlannedAnswer[] | null
}
export interface PlannedAnswer {
  playerId: string
  answer: 'ACCEPT' | 'REJECT'
  at: number
}

const ANSWER_AFTER_MS = { least: 800, most: 9_000 }
const REJECTS = 0.012
const STAYS_SILENT = 0.012
const LEAVES = 0.05
const LEAVES_AFTER_MS = { least: 6_000, most: 45_000 }

/** Almost everybody accepts. Whoever stays silent has no answer in the plan. */
export function planAnswers(players: readonly VirtualPlayer[], nowMs: number, random: Random): PlannedAnswer[] {
  return players.flatMap(({ playerId }) => {
    const at = nowMs + random.between(ANSWER_AFTER_MS.least, ANSWER_AFTER_MS.most)
    const answer = random.chance(REJECTS) ? ('REJECT' as const) : ('ACCEPT' as const)
    return random.chance(STAYS_SILENT) ? [] : [{ playerId, answer, at }]
  })
}

export function planLeaving(nowMs: number, random: Random): number | null {
  return random.chance(LEAVES) ? nowMs + random.between(LEAVES_AFTER_MS.least, LEAVES_AFTER_MS.most) : null
}
