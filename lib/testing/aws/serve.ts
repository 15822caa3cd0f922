/** A small HTTP or HTTPS server for the fakes: whole bodies in, one answer out. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestCertificate } from './certificates.ts'

export interface Served {
  /** Without a slash at the end. */
  url: string
  close(): Promise<void>
}

export interface Answer {
  status: number
  body: string | Buffer
  headers?: Record<string, string>
}

/** null: the request is taken and never answered. `gone` is aborted when the caller is. */
type Handler = (request: IncomingMessage, body: Buffer, gone: AbortSignal) => Answer | null | Promise<Answer | null>

export async function serve(handle: Handler, certificate?: TestCertificate): Promise<Served> {
  const listener = async (request: IncomingMessage, response: import('node:http').ServerResponse) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const answer = await handle(request, Buffer.concat(chunks), gone.signal)
      if (!answer) return
      response.writeHead(answer.status, answer.headers).end(answer.body)
    } catch {
      response.destroy() // the caller went away, or what stands behind us did
    }
  }
  const server: Server = certificate
    ? createSecureServer({ cert: certificate.pem, key: certificate.keyPem }, listener)
    : createServer(listener)
  server.keepAliveTimeout = 60_000
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
