'use client'

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ActionError } from '#lib/flexmatch/result.ts'
import { leaveWhenSignedOut } from './signed-out.ts'

/** Expected answers are not asked for twice; a server that is restarting is. */
function worthRetrying(failures: number, error: unknown): boolean {
  if (!(error instanceof ActionError)) return failures < 2
  return failures < 2 && (error.code === 'DATABASE_UNAVAILABLE' || error.requestId === '')
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
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
