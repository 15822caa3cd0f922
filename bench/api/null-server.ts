/** The floor of any API on Node: a node:http that throws every request away. */
import { once } from 'node:events'
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  request.resume()
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': 2 })
    response.end('{}')
  })
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.ENGINE_PORT), '127.0.0.1')
await once(server, 'listening')
process.once('disconnect', () => process.exit(0))
console.log(`ready http://127.0.0.1:${process.env.ENGINE_PORT}`)
