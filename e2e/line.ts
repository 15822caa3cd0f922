/** The line between a browser and Matchdesk, as a proxy that can be cut: streams that stand break, new ones do not come. */
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Line {
  /** For the `proxy` of a browser context. */
  server: string
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function newLine(): Promise<Line> {
  let whole = true
  const proxy = http.createServer((request, response) => {
    const onwards = http.request(
      String(request.url),
      { method: request.method, headers: request.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onwards.on('error', () => response.destroy())
    response.on('close', () => onwards.destroy())
    request.pipe(onwards)
  })
  proxy.on('connection', (socket) => {
    if (!whole) socket.destroy()
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return {
    server: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut() {
      whole = false
      proxy.closeAllConnections()
    },
    mend() {
      whole = true
    },
    async close() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
