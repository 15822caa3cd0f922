import 'server-only'
import { logLine } from '#lib/access/log.ts'
import { rememberResponses } from '#lib/live/node-response.ts'
import { BACKGROUND } from './background.ts'
import { endInOrder, watchConnections } from './replicas/ending.ts'
import { getRuntime } from './runtime.ts'
import { readSettings } from './settings.ts'
import { openDoor } from './web/door.ts'

/** Started once, from `instrumentation.ts`; what is begun here ends when the process is asked to. */
export async function startWebProcess(): Promise<void> {
  // Whoever reads the log may go away. Saying so would go the same way, and be said again, for ever.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  openDoor(readSettings())
  const connections = watchConnections()
  rememberResponses('/api/live')
  const runtime = await getRuntime()
  const stops = BACKGROUND.map((start) => {
    const running = start(runtime)
    return () =>
      Promise.resolve(running.stop()).catch((error: unknown) =>
        logLine({ level: 'warning', message: 'What runs in the background did not end in order', error }),
      )
  })
  runtime.closing.addEventListener('abort', () => void endInOrder(connections, stops))
}
