/**
 * Turns a stream of change hints into refetches: the first hint of a topic acts at once, later ones at most every
 * `everyMs`, and never while the last refetch of that topic is still running: it would only be thrown away. A hint that
 * comes while one runs is acted on afterwards, so the last change is always read.
 */
export interface ChangePump<Topic> {
  hint(topic: Topic): void
  stop(): void
}

interface Turn {
  lastStartedAt: number
  dirty: boolean
  running: boolean
  timer: unknown
}

interface Clock {
  now(): number
  after(ms: number, run: () => void): unknown
  cancel(timer: unknown): void
}

const browserClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

export function changePump<Topic>(
  refetch: (topic: Topic) => Promise<unknown>,
  everyMs: number,
  clock: Clock = browserClock,
): ChangePump<Topic> {
  const topics = new Map<Topic, Turn>()
  let stopped = false

  function act(topic: Topic, turn: Turn): void {
    turn.timer = undefined
    turn.dirty = false
    turn.running = true
    turn.lastStartedAt = clock.now()
    const done = () => {
      turn.running = false
      if (turn.dirty && !stopped) schedule(topic, turn)
      else topics.delete(topic)
    }
    refetch(topic).then(done, done)
  }

  function schedule(topic: Topic, turn: Turn): void {
    const wait = turn.lastStartedAt + everyMs - clock.now()
    if (wait <= 0) act(topic, turn)
    else turn.timer = clock.after(wait, () => act(topic, turn))
  }

  return {
    hint(topic) {
      if (stopped) return
      const turn = topics.get(topic)
      if (turn) {
        turn.dirty = true
        return
      }
      const fresh: Turn = { lastStartedAt: clock.now(), dirty: false, running: false, timer: undefined }
      topics.set(topic, fresh)
      act(topic, fresh)
    },
    stop() {
      stopped = true
      for (const { timer } of topics.values()) clock.cancel(timer)
      topics.clear()
    },
  }
}
