import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { escaped, PLAIN_PAGE_HEADERS, plainPageText } from '#lib/access/plain-page.ts'
import { NOT_CARRIED_OUT } from './not-carried-out.ts'

export interface Refusal {
  status: number
  title: string
  /** A sentence for whoever asked. */
  message: string
  retryAfterSeconds?: number
  /** The rest of what they send is not waited for. */
  close?: boolean
  headers?: Record<string, string>
}
export type Asker = 'page' | 'api' | 'action'

/** Answers in the form that whoever asked can read: a page, the JSON of a route, or the plain text of an action. */
export function answerRefused(response: ServerResponse, asker: Asker, refusal: Refusal): void {
  const { status, title, retryAfterSeconds, close, headers } = refusal
  const { type, body } = bodyFor(asker, refusal)
  if (asker === 'page') for (const [name, value] of Object.entries(PLAIN_PAGE_HEADERS)) response.setHeader(name, value)
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds))
  if (close) response.shouldKeepAlive = false
  response.setHeader('content-type', type)
  response.setHeader('content-length', Buffer.byteLength(body))
  response.setHeader('cache-control', 'no-store')
  response.writeHead(status, STATUS_CODES[status] ?? title)
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function bodyFor(asker: Asker, { status, title, message }: Refusal): { type: string; body: string } {
  switch (asker) {
    // Exactly so, without a charset: Next shows the text of no other answer.
    case 'action':
      return { type: 'text/plain', body: `${NOT_CARRIED_OUT}${message}` }
    case 'api': {
      const error = { code: CODES[status] ?? 'INVALID_INPUT', message, requestId: randomUUID() }
      return { type: 'application/json', body: JSON.stringify({ error }) }
    }
    case 'page':
      return {
        type: PLAIN_PAGE_HEADERS['content-type'],
        body: plainPageText(title, `<p>${escaped(message)}</p>\n<p><a href="/">Go to the overview</a></p>`),
      }
  }
}
const CODES: Record<number, string> = { 429: 'REFUSED', 503: 'INTERNAL' }
