'use client'

/**
 * The server could not let anybody in or find the environment: usually the database is away. Nothing of the other pages is
 * used: what stands here is part of every page's first load.
 */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto max-w-2xl px-6 py-24">
      <title>Matchdesk cannot show this page</title>
      <h1 className="mb-4 text-xl font-semibold">Matchdesk cannot show this page</h1>
      <div
        role="alert"
        className="flex items-start gap-2.5 rounded-md border border-bad/50 bg-panel px-3 py-2.5 text-sm"
      >
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <div className="font-medium">The server failed while making it.</div>
          <div className="text-muted">
            If it lasts, see whether Matchdesk’s database is up: the answer of /api/health says so.
          </div>
          {error.digest && (
            <div className="text-xs text-faint">
              Request id <span className="font-mono select-all">{error.digest}</span>
            </div>
          )}
        </div>
        <button
          type="button"
          onClick={() => retry()}
          className="h-6 rounded-md border border-line-strong bg-panel px-2 text-xs font-medium hover:bg-hover"
        >
          Try again
        </button>
      </div>
    </main>
  )
}
