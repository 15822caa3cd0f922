import type { Server } from 'node:http'
import { SettingsError } from '#lib/settings.ts'

/** Resolves with the address, `http://127.0.0.1:9080`; port 0 takes one that is free. Throws SettingsError for a taken one. */
export function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `ENGINE_PORT (--port) is ${port}, and another program listens there on ${host}.`
      reject(error.code === 'EADDRINUSE' ? new SettingsError(taken) : error)
    })
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`)
    })
  })
}

/** Takes no new connections. Resolves when the requests under way are answered. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
}
