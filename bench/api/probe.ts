/**
 * Loaded into a server process before its own program (`--import`): tells over the channel what the process has used and
 * for how long its event loop was blocked.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { cpuMs } from '../measure.ts'

export type ProbeQuestion = 'cpu' | 'watch loop' | 'longest block'
export interface ProbeAnswer {
  cpuMs: number
  /** Since 'watch loop'; up to 1 ms of it is the probe's own rhythm. */
  longestBlockMs: number
}

let delays: ReturnType<typeof monitorEventLoopDelay> | null = null

process.on('message', (question: ProbeQuestion) => {
  if (question === 'watch loop') {
    delays?.disable()
    delays = monitorEventLoopDelay({ resolution: 1 })
    delays.enable()
  }
  const answer: ProbeAnswer = { cpuMs: cpuMs(), longestBlockMs: (delays?.max ?? 0) / 1e6 }
  process.send?.(answer)
})
