/** The answer of a route to somebody who asks more often than is let through. */
export function tooMany(message: string, retryAfterSeconds: number): Response {
  const error = {
    code: 'REFUSED',
    message: `${message} Try again in ${retryAfterSeconds} s.`,
    requestId: crypto.randomUUID(),
  }
  return Response.json(
    { error },
    { status: 429, headers: { 'retry-after': String(retryAfterSeconds), 'cache-control': 'no-store' } },
  )
}
