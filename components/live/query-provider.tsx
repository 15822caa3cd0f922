'use client'

import { type ReactNode, useState } from 'react'
import { ActionError } from '#lib/flexmatch/result.ts'
import { QueryClient } from './query-client.ts'
import { leaveWhenSignedOut } from './signed-out.ts'
import { QueryClientProvider } from './use-query.tsx'

/** Expected answers are not asked for twice; a server that is restarting is. */
function worthRetrying(failures: number, error: Error): boolean {
  if (!(error instanceof ActionError)) return failures < 2
  return failures < 2 && (error.code === 'DATABASE_UNAVAILABLE' || error.requestId === '')
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ onError: leaveWhenSignedOut, worthRetrying }))
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
