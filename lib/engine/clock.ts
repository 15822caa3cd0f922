/**
 * The engine's only clock, epoch ms. It never goes back, whatever the machine's clock does. It can be paused, moved ahead
 * and resumed: from then on it runs on from where it stood, however far that is from the machine's time.
 */
export interface Clock {
  nowMs(): number
  readonly paused: boolean
  /** Stands still from now on. */
  pause(): void
  /** Goes on from where it stands. */
  resume(): void
  /** Pauses it at a time that is not before now. Throws RangeError for an earlier one. */
  standAt(timeMs: number): void
}

interface Sources {
  wallMs: () => number
  monotonicMs: () => number
}

const MACHINE: Sources = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

/** A running clock: at the machine's time, or at the journal's last time if the machine is behind that. */
export function createClock(lastMs: number, sources: Sources = MACHINE): Clock {
  return clockFrom(runningFrom(lastMs, 0, sources), sources)
}

/** How the clock of an engine begins. */
export interface ClockStart {
  mode: 'running' | 'paused'
  /** Epoch ms at which a new journal begins; null for the machine's time. A journal that goes on keeps its own. */
  startAtMs: number | null
}

/** `lastMs` is the time of the journal's last entry, 0 for a new one. */
export function startClock(lastMs: number, { mode, startAtMs }: ClockStart, sources: Sources = MACHINE): Clock {
  if (lastMs === 0 && startAtMs !== null) {
    const running = runningFrom(startAtMs, startAtMs - sources.wallMs(), sources)
    return clockFrom(running, sources, mode === 'paused' ? startAtMs : null)
  }
  const clock = createClock(lastMs, sources)
  if (mode === 'paused') clock.pause()
  return clock
}

/** `standsAtMs`: paused from the beginning, at that very moment. */
function clockFrom(start: () => number, sources: Sources, standsAtMs: number | null = null): Clock {
  let running = start
  let standingAtMs = standsAtMs
  const nowMs = () => standingAtMs ?? running()
  return {
    nowMs,
    get paused() {
      return standingAtMs !== null
    },
    pause() {
      standingAtMs = nowMs()
    },
    resume() {
      if (standingAtMs === null) return
      running = runningFrom(standingAtMs, standingAtMs - sources.wallMs(), sources)
      standingAtMs = null
    },
    standAt(timeMs) {
      if (timeMs < nowMs()) throw new RangeError(`The clock is at ${nowMs()} and does not go back to ${timeMs}.`)
      standingAtMs = timeMs
    },
  }
}

/**
 * Follows the monotonic clock, and jumps ahead with the wall clock, of which it keeps `aheadMs`, after a suspend. Never
 * stands still and never goes back before `lastMs`.
 */
function runningFrom(lastMs: number, aheadMs: number, { wallMs, monotonicMs }: Sources): () => number {
  let base = lastMs - monotonicMs()
  return () => {
    const wall = wallMs() + aheadMs
    const steady = base + monotonicMs()
    if (wall <= steady) return Math.floor(steady)
    base += wall - steady
    return wall
  }
}
