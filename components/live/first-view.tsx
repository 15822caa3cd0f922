import 'server-only'
import type { ReactNode } from 'react'
import type { QueryKey } from './query-client.ts'
import { FirstAnswers } from './use-query.tsx'

interface FirstViewProps {
  /** What the page shows first: read here, kept under the key the browser asks by. */
  answers: { query: { queryKey: QueryKey }; read: () => Promise<unknown> }[]
  children: ReactNode
}

/**
 * Puts the first answers into the page, so that it arrives drawn. What cannot be read is left out: the browser asks
 * again by the GET route and shows what is wrong in the panel it concerns.
 */
export async function FirstView({ answers, children }: FirstViewProps) {
  const read = await Promise.all(
    answers.map(async ({ query, read }) => ({ queryKey: query.queryKey, data: await read().catch(() => null) })),
  )
  return (
    <FirstAnswers answers={read.filter(({ data }) => data !== undefined && data !== null)} at={Date.now()}>
      {children}
    </FirstAnswers>
  )
}
