import type { IncomingMessage } from 'node:http'

export type HeldBody = { is: 'whole'; text: string; passOn(): void } | { is: 'late' } | { is: 'gone' }

/**
 * Keeps the body of a request back until all of it is there. Nobody behind has to wait for who sends a byte a second, and
 * what is passed on is exactly what was looked at. The request must say its length, and no more than may be kept. `done` is
 * called once, `passOn` gives the body to who reads it next.
 */
export function holdBody(
  request: IncomingMessage,
  { withinMs }: { withinMs: number },
  done: (body: HeldBody) => void,
): void {
  const chunks: Buffer[] = []
  let settled = false
  // The parser hands over what it reads here, whether anybody reads it or not.
  const push = request.push
  const settle = (body: HeldBody) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    request.off('close', onClose)
    done(body)
  }
  const onClose = () => settle({ is: 'gone' })
  const timer = setTimeout(() => settle({ is: 'late' }), withinMs)
  request.on('close', onClose)
  request.push = (chunk: Buffer | null) => {
    if (chunk !== null) {
      if (!settled) chunks.push(chunk)
      return true
    }
    request.push = push
    const text = settled ? '' : Buffer.concat(chunks).toString()
    const passOn = () => {
      for (const each of chunks) request.push(each)
      request.push(null)
    }
    if (settled) return request.push(null)
    settle({ is: 'whole', text, passOn })
    return true
  }
}
