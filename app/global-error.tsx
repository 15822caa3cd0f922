'use client'

/** The frame itself failed: needs nothing of it. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <title>Matchdesk cannot show this page</title>
          <h1>Matchdesk cannot show this page</h1>
          <p>Something failed before the page could be drawn. The server’s log has the details.</p>
          <button type="button" onClick={() => retry()}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
