'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { Lock, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { Empty, SkeletonRows } from '#components/ui/states.tsx'
import { ActionError } from '#lib/flexmatch/result.ts'

interface LoadedProps<T> {
  query: UseQueryResult<T>
  /** What could not be loaded, in an error's title: "the tickets". */
  what: string
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** A panel's content in each of its states. Data that was once there stays, with a note when it could not be renewed. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const retry = (
    <Button size="small" pending={query.isFetching} onClick={() => query.refetch()}>
      Try again
    </Button>
  )
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <Problem
            tone="warning"
            className="m-3"
            title={`This is how ${what} stood before; it could not be read again.`}
            requestId={requestIdOf(query.error)}
            action={retry}
          >
            {query.error.message}
          </Problem>
        )}
        {children(query.data)}
      </>
    )
  }
  if (query.isError) return <LoadFailure error={query.error} what={what} retry={retry} />
  return skeleton ?? <SkeletonRows />
}

function LoadFailure({ error, what, retry }: { error: Error; what: string; retry: ReactNode }) {
  const code = error instanceof ActionError ? error.code : null
  if (code === 'FORBIDDEN') {
    return (
      <Empty icon={Lock} title={`You may not see ${what}`}>
        {error.message}
      </Empty>
    )
  }
  if (code === 'MATCHMAKER_UNAVAILABLE') {
    return (
      <Empty icon={Unplug} title="Not connected" action={retry}>
        {error.message}
      </Empty>
    )
  }
  return (
    <Problem className="m-3" title={`Could not load ${what}.`} requestId={requestIdOf(error)} action={retry}>
      {error.message}
    </Problem>
  )
}

function requestIdOf(error: Error): string | null {
  return error instanceof ActionError && error.requestId !== '' ? error.requestId : null
}
