/**
 * A child process with one server, told over its channel what to be: the engine as `npm run engine` runs it, or a
 * node:http that throws every request away. Answers `cpu` with its own CPU time.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { runEngine } from '#lib/engine/main.ts'
import { cpuMs } from './measure.ts'

export type ServerStart = { kind: 'null' } | { kind: 'engine'; databaseUrl: string; options: EngineOptionsPatch }

process.once('disconnect', () => process.exit(0))
process.once('message', async (start: ServerStart) => {
  const port = start.kind === 'null' ? await nullServer() : await engine(start)
  process.on('message', () => process.send?.({ cpuMs: cpuMs() }))
  process.send?.({ port })
})

async function engine({ databaseUrl, options }: ServerStart & { kind: 'engine' }): Promise<number> {
  const settings = { host: '127.0.0.1', port: 0, options, eventTime: 'seconds' as const, targets: [] }
  const { endpoint } = await runEngine({ settings, databaseUrl })
  return Number(new URL(endpoint).port)
}

async function nullServer(): Promise<number> {
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': 2 })
      response.end('{}')
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}
