'use client'

import { Lock, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { Empty, SkeletonRows } from '#components/ui/states.tsx'
import { ActionError } from '#lib/flexmatch/result.ts'
import type { QueryResult } from './use-query.tsx'

interface LoadedProps<T> {
  query: QueryResult<T>
  /** What could not be loaded, in an error's title: "the tickets". */
  what: string
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** A panel's content in each of its states. Data that was once there stays, with a note when it could not be renewed. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const retry = (
    <Button size="small" pending={query.askingAgain} onClick={query.refetch}>
      Try again
    </Button>
  )
  const { data, error } = query
  if (data !== undefined) {
    return (
      <>
        {error && (
          <Problem
            tone="warning"
            className="m-3"
            title={`This is how ${what} stood before; it could not be read again.`}
            requestId={requestIdOf(error)}
            action={retry}
          >
            {error.message}
          </Problem>
        )}
        {children(data)}
      </>
    )
  }
  if (error) return <LoadFailure error={error} what={what} retry={retry} />
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
