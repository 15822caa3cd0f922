import 'server-only'
import { logLine } from '#lib/access/log.ts'
import { BACKGROUND } from './background.ts'
import { getRuntime } from './runtime.ts'

/** Started once, from `instrumentation.ts`; what is begun here ends when the process is asked to. */
export async function startWebProcess(): Promise<void> {
  const runtime = await getRuntime()
  for (const start of BACKGROUND) {
    const running = start(runtime)
    runtime.closing.addEventListener('abort', () => {
      Promise.resolve(running.stop()).catch((error: unknown) =>
        logLine({ level: 'warning', message: 'What runs in the background did not end in order', error }),
      )
    })
  }
}
