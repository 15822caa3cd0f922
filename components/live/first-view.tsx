import 'server-only'
import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from '@tanstack/react-query'
import type { ReactNode } from 'react'

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
  const client = new QueryClient()
  await Promise.all(
    answers.map(async ({ query, read }) => {
      const answer = await read().catch(() => undefined)
      if (answer !== undefined && answer !== null) client.setQueryData(query.queryKey, answer)
    }),
  )
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>
}
