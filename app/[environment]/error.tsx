'use client'

import { Button } from '#components/ui/button.tsx'
import { Problem } from '#components/ui/problem.tsx'

/** One page failed; the frame around it stays. */
export default function ErrorInEnvironment({
  error,
  retry,
}: {
  error: Error & { digest?: string }
  retry: () => void
}) {
  return (
    <>
      <title>This page failed · Matchdesk</title>
      <h1 className="mb-4 text-xl font-semibold">This page could not be shown</h1>
      <Problem
        title="Something failed while it was drawn."
        requestId={error.digest ?? null}
        action={
          <Button size="small" onClick={() => retry()}>
            Try again
          </Button>
        }
      >
        The other pages work. If trying again does not help, the log has the details under this id.
      </Problem>
    </>
  )
}
