import { guardedRoute } from '#lib/access/guard.ts'
import { findPerson } from '#lib/access/sessions.ts'
import { nodeResponse } from '#lib/live/node-response.ts'
import { liveStream, SSE_HEADERS } from '#lib/live/sse.ts'

export const GET = guardedRoute(
  { action: 'live.view' },
  async ({ request, runtime, person, sessionId, environment }) => {
    // Next answers HEAD through this handler and drops the body, and nobody would ever end that stream.
    if (request.method !== 'GET') return new Response(null, { headers: SSE_HEADERS })
    const release = runtime.streams.take(sessionId, person.personId)
    if (!release) {
      return Response.json(
        {
          error: { code: 'REFUSED', message: 'Too many live streams are open. Close some of the tabs.', requestId: '' },
        },
        { status: 429, headers: { 'retry-after': '10', 'cache-control': 'no-store' } },
      )
    }
    const stream = liveStream({
      hub: runtime.live,
      answering: runtime.answeringOf(environment),
      environment: environment.name,
      response: nodeResponse(),
      signal: AbortSignal.any([request.signal, runtime.closing]),
      mayContinue: async () => (await findPerson(runtime.db, sessionId, new Date(), { visit: false })) !== null,
      now: () => new Date(),
      onEnd: release,
    })
    return new Response(stream, { headers: SSE_HEADERS })
  },
)
