/** Answers that browsers keep as a file and never show as a page. */

export type DownloadFormat = 'csv' | 'json'
const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const

/** Letters a file name may have everywhere; anything else in a part of it becomes a hyphen. Longer parts are cut. */
export function fileName(parts: readonly string[], at: Date, format: DownloadFormat): string {
  const time = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '')
  const words = parts.map((part) =>
    part
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60),
  )
  return [...words.filter(Boolean), time].join('-').concat('.', format)
}

export function downloadHeaders(name: string, format: DownloadFormat): Record<string, string> {
  return {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
}

/**
 * The text of `pieces` as it is asked for: the next piece is made when the reader has taken the last. Who goes away ends
 * the making. When a piece cannot be made the download breaks off, and is seen to be incomplete.
 */
export function streamed(pieces: AsyncGenerator<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const stop = () => void pieces.return(undefined)
  signal.addEventListener('abort', stop, { once: true })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) {
          signal.removeEventListener('abort', stop)
          controller.close()
        } else controller.enqueue(encoder.encode(value))
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  )
}
