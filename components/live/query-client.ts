/** What this tab has read from the GET routes: one answer for each question, shared by all who show it. */

/** What is asked, in words: the first says what it is about, the second in most cases in which environment. */
export type QueryKey = readonly [string, ...unknown[]]

export interface Question<T> {
  queryKey: QueryKey
  /** null: there is nothing to ask. */
  queryFn: ((call: { signal: AbortSignal }) => Promise<T>) | null
}

export interface QueryState<T> {
  /** The last answer; it stays when a later question fails. */
  data: T | undefined
  /** Why the last question failed; null as soon as one is answered. */
  error: Error | null
  /** Epoch ms of the last answer, 0 before the first. */
  dataUpdatedAt: number
  answers: number
  /** Whether what failed is being asked again. Other questions under way are not told of: nobody shows them. */
  askingAgain: boolean
}

interface QueryClientOptions {
  /** Told of what fails for good. */
  onError: (error: Error) => void
  /** Whether a question that has failed so many times before is asked once more. */
  worthRetrying: (failures: number, error: Error) => boolean
}

/** An answer that is this old is read again when it is looked at. */
const FRESH_MS = 5_000
const RETRY_MS = 500
/** What nobody looks at is kept for somebody who comes back. */
const KEEP_MS = 300_000

const UNANSWERED = { data: undefined, error: null, dataUpdatedAt: 0, answers: 0, askingAgain: false }

/** One question and what is known of its answer. */
export class Query<T = unknown> {
  readonly queryKey: QueryKey
  state: QueryState<T> = UNANSWERED
  /** As it was put last. */
  ask: Question<T>['queryFn'] = null
  #options: QueryClientOptions
  #forget: () => void
  #watchers = new Set<() => void>()
  #outdated = false
  #running: { calledOff: AbortController; over: Promise<void> } | null = null
  #leaving: ReturnType<typeof setTimeout> | undefined

  constructor(queryKey: QueryKey, options: QueryClientOptions, forget: () => void) {
    this.queryKey = queryKey
    this.#options = options
    this.#forget = forget
  }

  isWatched(): boolean {
    return this.#watchers.size > 0
  }

  /** Told of each change of the state. Reads what is not there or no longer fresh. Returns how to stop that. */
  watch = (watcher: () => void): (() => void) => {
    clearTimeout(this.#leaving)
    this.#watchers.add(watcher)
    this.readUnlessFresh()
    return () => {
      this.#watchers.delete(watcher)
      if (this.isWatched()) return
      this.#callOff()
      this.#leaving = setTimeout(this.#forget, KEEP_MS)
    }
  }

  /** An answer that came with the page: taken if it is newer than what is known. A change may have come since it was read. */
  take(data: T, at: number): void {
    if (at > this.state.dataUpdatedAt) this.#answered(data, at)
  }

  /** Read again when somebody looks. */
  outdate(): void {
    this.#outdated = true
  }

  readUnlessFresh(): void {
    if (this.#outdated || Date.now() - this.state.dataUpdatedAt >= FRESH_MS) void this.read()
  }

  /** Resolves when the question that is under way, or is put now, is answered or has failed. */
  read(): Promise<void> {
    if (this.#running) return this.#running.over
    if (!this.ask) return Promise.resolve()
    const calledOff = new AbortController()
    const running = { calledOff, over: Promise.resolve() }
    this.#running = running
    if (this.state.error) this.#set({ ...this.state, askingAgain: true })
    running.over = this.#run(this.ask, calledOff.signal)
    return running.over
  }

  /** As `read`, but what is under way does not count: it may have been answered before the change. */
  readAnew(): Promise<void> {
    this.#callOff()
    return this.read()
  }

  async #run(ask: NonNullable<Question<T>['queryFn']>, signal: AbortSignal): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        const data = await ask({ signal })
        if (signal.aborted) return
        this.#running = null
        this.#outdated = false
        return this.#answered(data, Date.now())
      } catch (error) {
        if (signal.aborted) return
        if (!this.#options.worthRetrying(failures, error as Error)) {
          this.#running = null
          this.#options.onError(error as Error)
          return this.#set({ ...this.state, error: error as Error, askingAgain: false })
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      if (signal.aborted) return
    }
  }

  #callOff(): void {
    const running = this.#running
    if (!running) return
    this.#running = null
    this.#outdated = true
    running.calledOff.abort()
  }

  #answered(data: T, dataUpdatedAt: number): void {
    this.#set({ data, error: null, dataUpdatedAt, answers: this.state.answers + 1, askingAgain: false })
  }

  #set(state: QueryState<T>): void {
    this.state = state
    for (const watcher of [...this.#watchers]) watcher()
  }
}

export class QueryClient {
  #queries = new Map<string, Query>()
  #options: QueryClientOptions

  constructor(options: QueryClientOptions) {
    this.#options = options
  }

  /** The one of this key, made when there is none. */
  query<T>(queryKey: QueryKey): Query<T> {
    const hash = JSON.stringify(queryKey)
    let query = this.#queries.get(hash)
    if (!query) {
      const forget = () => void (this.#queries.get(hash) === query && this.#queries.delete(hash))
      query = new Query(queryKey, this.#options, forget)
      this.#queries.set(hash, query)
    }
    return query as Query<T>
  }

  all(): Query[] {
    return [...this.#queries.values()]
  }

  /**
   * What begins with this key, without one everything: what is on screen is read anew, the rest when somebody looks.
   * Resolves, never rejects, when all of it is there or has failed.
   */
  async invalidateQueries(queryKey: readonly unknown[] = []): Promise<void> {
    const concerned = this.all().filter((query) => queryKey.every((word, at) => query.queryKey[at] === word))
    for (const query of concerned) query.outdate()
    await Promise.all(concerned.filter((query) => query.isWatched()).map((query) => query.readAnew()))
  }

  /** For a tab that was away. */
  readWhatIsOld(): void {
    for (const query of this.#queries.values()) if (query.isWatched()) query.readUnlessFresh()
  }
}
