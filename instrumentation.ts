import type { Instrumentation } from 'next'

/** Runs once when the server process starts, never during a build. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startWebProcess } = await import('#lib/start-web-process.ts')
  await startWebProcess()
}

/** What a page or action throws past every guard: one line in the same log as everything else. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { logLine } = await import('#lib/access/log.ts')
  // Path without its query: that is where a sign-in token would be.
  const [path] = request.path.split('?')
  logLine({
    level: 'error',
    message: 'Unhandled error',
    in: `${request.method} ${path}`,
    route: context.routePath,
    error,
  })
}
