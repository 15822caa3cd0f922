'use client'

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ActionError } from '#lib/flexmatch/result.ts'

/** Expected answers are not asked for twice; a server that is restarting is. */
function worthRetrying(failures: number, error: unknown): boolean {
  if (!(error instanceof ActionError)) return failures < 2
  return failures < 2 && (error.code === 'DATABASE_UNAVAILABLE' || error.requestId === '')
}

/** A session that ended in the middle of work: the page that explains it, and the way back to here afterwards. */
function leaveWhenSignedOut(error: unknown): void {
  if (error instanceof ActionError && error.code === 'NOT_SIGNED_IN') window.location.reload()
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
        mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
        defaultOptions: {
          queries: {
            // What is on screen is refreshed by hints; the clock of staleness would only fetch what is known.
            staleTime: 5_000,
            retry: worthRetrying,
            retryDelay: 500,
            refetchOnWindowFocus: true,
          },
        },
      }),
  )
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
