/**
 * The floor of any stream of events on Node: one buffer that is made once, written to every open response each time the
 * parent says so.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'

const open = new Set<ServerResponse>()
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' })
  response.flushHeaders()
  open.add(response)
  request.once('close', () => open.delete(response))
})
const change = { environment: 'local', tickets: ['ticket-00001'], matches: [], sessions: [], demo: false }
const event = Buffer.from(`event: change\ndata: ${JSON.stringify({ ...change, environments: false })}\n\n`)
process.on('message', (told) => {
  if (told === 'send') for (const response of open) response.write(event)
})
process.once('disconnect', () => process.exit(0))
server.listen(Number(process.env.PORT), '127.0.0.1')
await once(server, 'listening')
