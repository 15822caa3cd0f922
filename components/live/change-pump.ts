/**
 * Turns a stream of change hints into refetches: the first hint of a topic acts at once, later ones at most every
 * `everyMs`, and never while the last refetch of that topic is still running: it would only be thrown away. A hint that
 * comes while one runs is acted on afterwards, so the last change is always read.
 */
export interface ChangePump {
  hint(topic: string): void
  stop(): void
}

interface Topic {
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

export function changePump(
  refetch: (topic: string) => Promise<unknown>,
  everyMs: number,
  clock: Clock = browserClock,
): ChangePump {
  const topics = new Map<string, Topic>()
  let stopped = false

  function act(name: string, topic: Topic): void {
    topic.timer = undefined
    topic.dirty = false
    topic.running = true
    topic.lastStartedAt = clock.now()
    const done = () => {
      topic.running = false
      if (topic.dirty && !stopped) schedule(name, topic)
      else topics.delete(name)
    }
    refetch(name).then(done, done)
  }

  function schedule(name: string, topic: Topic): void {
    const wait = topic.lastStartedAt + everyMs - clock.now()
    if (wait <= 0) act(name, topic)
    else topic.timer = clock.after(wait, () => act(name, topic))
  }

  return {
    hint(name) {
      if (stopped) return
      const topic = topics.get(name)
      if (topic) {
        topic.dirty = true
        return
      }
      const fresh: Topic = { lastStartedAt: clock.now(), dirty: false, running: false, timer: undefined }
      topics.set(name, fresh)
      act(name, fresh)
    },
    stop() {
      stopped = true
      for (const topic of topics.values()) clock.cancel(topic.timer)
      topics.clear()
    },
  }
}
