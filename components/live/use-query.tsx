'use client'

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { QueryClient, QueryKey, QueryState, Question } from './query-client.ts'

const Client = createContext<QueryClient | null>(null)

/** Asks again what is old when the tab is looked at again, or the device is online again. */
export function QueryClientProvider({ client, children }: { client: QueryClient; children: ReactNode }) {
  useEffect(() => {
    const back = () => {
      if (!document.hidden) client.readWhatIsOld()
    }
    addEventListener('visibilitychange', back)
    addEventListener('online', back)
    return () => {
      removeEventListener('visibilitychange', back)
      removeEventListener('online', back)
    }
  }, [client])
  return <Client value={client}>{children}</Client>
}

export function useQueryClient(): QueryClient {
  const client = useContext(Client)
  if (!client) throw new Error('useQueryClient is used outside a QueryClientProvider.')
  return client
}

export interface QueryOptions<T> extends Question<T> {
  /** Asked again so often while the tab is seen; told how many answers have come. */
  refetchInterval?: number | ((answers: number) => number)
  /** Until the first answer to a new question, the last one to the question before is shown. */
  keepPreviousData?: boolean
  /** What the page was drawn with: the answer until there is another. */
  initialData?: T
}

export interface QueryResult<T> {
  data: T | undefined
  /** Whether `data` answers the question before. */
  isPlaceholderData: boolean
  isError: boolean
  error: Error | null
  /** Whether what failed is being asked again. */
  askingAgain: boolean
  dataUpdatedAt: number
  refetch: () => void
}

/** The answer to a question, read again whenever a hint concerns it. What is drawn on the server has what came with the page. */
export function useQuery<T>(options: QueryOptions<T>): QueryResult<T> {
  const { queryKey, queryFn, refetchInterval, keepPreviousData = false, initialData } = options
  const query = useQueryClient().query<T>(queryKey)
  query.ask = queryFn
  if (initialData !== undefined && query.state.answers === 0) query.take(initialData, Date.now())
  const current = () => query.state
  const state: QueryState<T> = useSyncExternalStore(query.watch, current, current)

  const everyMs = typeof refetchInterval === 'function' ? refetchInterval(state.answers) : refetchInterval
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => void (document.hidden || query.read()), everyMs)
    return () => clearInterval(timer)
  }, [query, everyMs])

  const last = useRef<T>(undefined)
  if (state.data !== undefined) last.current = state.data
  const data = state.data ?? (keepPreviousData ? last.current : undefined)
  return {
    data,
    isPlaceholderData: state.data === undefined && data !== undefined,
    isError: state.error !== null,
    error: state.error,
    askingAgain: state.askingAgain,
    dataUpdatedAt: state.dataUpdatedAt,
    refetch: () => void query.readAnew(),
  }
}

export interface FirstAnswer {
  queryKey: QueryKey
  data: unknown
}

/** Puts what came with the page where `useQuery` finds it. `at`: when the server read it, epoch ms. */
export function FirstAnswers({ answers, at, children }: { answers: FirstAnswer[]; at: number; children: ReactNode }) {
  const client = useQueryClient()
  // Before the first drawing; but what another page shows meanwhile changes only when this one is there.
  useMemo(() => {
    for (const { queryKey, data } of answers) {
      const query = client.query(queryKey)
      if (!query.isWatched()) query.take(data, at)
    }
  }, [client, answers, at])
  useEffect(() => {
    for (const { queryKey, data } of answers) client.query(queryKey).take(data, at)
  }, [client, answers, at])
  return children
}
