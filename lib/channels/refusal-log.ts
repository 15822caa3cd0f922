import { logLine } from '#lib/access/log.ts'
import { type Answer, STATUS } from './answers.ts'

/** Whoever can reach the address can make refusals: one line a minute for each kind says enough. */
const EVERY_MS = 60_000
const MAX_KINDS = 1_000

/** Writes down what was refused, so that somebody who set a sender up wrongly finds out why nothing comes. */
export function createRefusalLog(now: () => number): (channel: string, environment: string, answer: Answer) => void {
  const said = new Map<string, { at: number; since: number }>()
  return (channel, environment, { is, reason }) => {
    if (STATUS[is] < 400 || STATUS[is] >= 500) return
    const key = `${channel} ${environment} ${is}`
    const before = said.get(key)
    if (before && now() - before.at < EVERY_MS) {
      before.since++
      return
    }
    if (said.size >= MAX_KINDS) said.clear()
    said.set(key, { at: now(), since: 0 })
    const more = before?.since ? { alsoRefusedBefore: before.since } : {}
    logLine({
      level: 'warning',
      message: 'A delivery of events was refused',
      channel,
      environment,
      is,
      reason,
      ...more,
    })
  }
}
