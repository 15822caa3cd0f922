'use client'

/** The frame itself failed: needs nothing of it, and no script either, since the build makes this page and gives it no nonce. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <main>
          <title>Matchdesk cannot show this page</title>
          <h1>Matchdesk cannot show this page</h1>
          <p>Something failed before the page could be drawn. The server’s log has the details.</p>
          <a href="/">Go to the overview</a>
        </main>
      </body>
    </html>
  )
}
