/**
 * How a web process ends when it is asked to: no new connection is taken, what has begun is answered, what runs beside
 * answering stops, and then it is over, within 2 s.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server, ServerResponse } from 'node:http'
import { Server as Listener } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const REQUEST_START = 'http.server.request.start'
/** Less than the start command waits before it kills. */
const MOST_MS = 2_000
const LOOK_EVERY_MS = 25
/** A connection that is in use asks again within this, and hears with its answer that it was the last. */
const IN_USE_MS = 200

export interface Connections {
  /** Resolves when the last answer that had begun is given and nobody is connected any more. */
  letGo(): Promise<void>
}

/**
 * Browsers and balancers keep their connections, and a server that stops listening waits for them: under load for ever.
 * From `letGo` on each answer says that it is the last of its connection, and connections that wait for nothing are closed.
 */
export function watchConnections(): Connections {
  const servers = new Set<Server>()
  const open = new Set<ServerResponse>()
  let ending = false
  const see = (message: unknown) => {
    const { server, response } = message as { server: Server; response: ServerResponse }
    servers.add(server)
    open.add(response)
    response.once('close', () => open.delete(response))
    if (ending) response.shouldKeepAlive = false
  }
  subscribe(REQUEST_START, see)
  return {
    async letGo() {
      ending = true
      for (const response of open) response.shouldKeepAlive = false
      await Promise.all([...servers].map(closed))
      unsubscribe(REQUEST_START, see)
    },
  }
}

async function closed(server: Server): Promise<void> {
  // Also where it does not listen any more: then this resolves when its last connection is gone. The close of an HTTP
  // server would cut what is idle at once: a request already on its way on a connection in use would be lost.
  const over = new Promise<void>((resolve) => Listener.prototype.close.call(server, () => resolve()))
  const asked = performance.now()
  const looking = setInterval(() => {
    if (performance.now() - asked > IN_USE_MS) server.closeIdleConnections()
  }, LOOK_EVERY_MS)
  await over
  clearInterval(looking)
}

/** Ends the process. `stops` is what else has to come to an end; who takes longer than 2 s is not waited for. */
export async function endInOrder(
  connections: Connections,
  stops: readonly (() => Promise<void>)[],
  exit: (code: number) => void = (code) => process.exit(code),
): Promise<void> {
  const all = Promise.all([connections.letGo(), ...stops.map((stop) => stop())])
  await Promise.race([all, sleep(MOST_MS)])
  exit(0)
}
