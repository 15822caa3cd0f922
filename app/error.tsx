'use client'

import { Button } from '#components/ui/button.tsx'
import { Problem } from '#components/ui/problem.tsx'

/** The server could not let anybody in or find the environment: usually the database is away. */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto max-w-2xl px-6 py-24">
      <title>Matchdesk cannot show this page</title>
      <h1 className="mb-4 text-xl font-semibold">Matchdesk cannot show this page</h1>
      <Problem
        title="The server failed while making it."
        requestId={error.digest ?? null}
        action={
          <Button size="small" onClick={() => retry()}>
            Try again
          </Button>
        }
      >
        If it lasts, see whether Matchdesk’s database is up: the answer of /api/health says so.
      </Problem>
    </main>
  )
}
