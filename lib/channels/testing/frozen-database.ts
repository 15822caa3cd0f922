import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface FrozenDatabase {
  /** The same database through a line that can be stopped. */
  url: string
  /** As a database that is frozen: every connection stays open, new ones are taken, and nobody answers. */
  freeze(): void
  thaw(): void
  close(): void
}

export async function startFrozenDatabase(databaseUrl: string): Promise<FrozenDatabase> {
  const target = new URL(databaseUrl)
  const socketPath = `${target.searchParams.get('host')}/.s.PGSQL.${target.port || 5432}`
  const clients = new Set<Socket>()
  let frozen = false
  const server = createServer((client) => {
    const postgres = connect(socketPath)
    clients.add(client)
    if (frozen) client.pause()
    client.on('data', (chunk) => postgres.write(chunk))
    postgres.on('data', (chunk) => client.write(chunk))
    const cut = () => {
      clients.delete(client)
      client.destroy()
      postgres.destroy()
    }
    for (const socket of [client, postgres]) socket.on('error', cut).on('close', cut)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(databaseUrl)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    freeze() {
      frozen = true
      for (const client of clients) client.pause()
    },
    thaw() {
      frozen = false
      for (const client of clients) client.resume()
    },
    close() {
      for (const client of clients) client.destroy()
      server.close()
    },
  }
}
