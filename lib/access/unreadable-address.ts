import { escaped, plainPage } from './plain-page.ts'

const TITLE = 'This address cannot be read'

/**
 * What is answered where the path of an address is not percent-encoded text (`%E0%A4%A`), null where it is. `url` is
 * whole, as it came.
 */
export function answerUnreadable(url: string): Response | null {
  const { pathname } = new URL(url)
  try {
    decodeURIComponent(pathname)
    return null
  } catch {
    // Cut off while it was copied, most likely.
  }
  const message = 'A percent sign in it is not followed by what stands for a character. Copy the whole address again.'
  if (pathname.startsWith('/api/')) {
    const error = { code: 'INVALID_INPUT', message: `${TITLE}. ${message}`, requestId: crypto.randomUUID() }
    return Response.json({ error }, { status: 400, headers: { 'cache-control': 'no-store' } })
  }
  return plainPage(400, TITLE, `<p>${escaped(message)}</p>\n<p><a href="/">Go to the overview</a></p>`)
}
