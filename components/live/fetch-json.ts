import { setServerTime } from '#components/ui/clock.tsx'
import { ActionError, type ActionFailure } from '#lib/flexmatch/result.ts'

/**
 * One GET route's JSON. Throws an ActionError with the server's own code and words, or one of ours when no answer came
 * that can be read; its requestId is then empty.
 */
export async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { signal, headers: { accept: 'application/json' } })
  } catch (error) {
    if (signal?.aborted) throw error
    throw unreachable('Matchdesk did not answer. Check that it is running and that this device is online.')
  }
  const date = response.headers.get('date')
  // The header has whole seconds: the middle of the second is the best guess.
  if (date) setServerTime(Date.parse(date) + 500)
  const body: unknown = await response.json().catch(() => null)
  if (response.ok && body !== null) return body as T
  if (isFailure(body)) throw new ActionError(body.error)
  throw unreachable(`Matchdesk answered with status ${response.status} and nothing this page can read.`)
}

function unreachable(message: string): ActionError {
  return new ActionError({ code: 'INTERNAL', message, requestId: '' })
}

function isFailure(body: unknown): body is { error: ActionFailure } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false
  const { error } = body
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error
}
