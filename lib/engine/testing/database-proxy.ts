import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What happens to the next append: it never reaches PostgreSQL, or it is committed and the answer gets lost. */
type Fault = 'lose the append' | 'lose the answer'

export interface DatabaseProxy {
  /** The same database through the proxy. */
  url: string
  /** Applies to one append; the connection is cut either way. */
  failNext(fault: Fault): void
  /** Cuts every connection and takes no new one until `open`. */
  shut(): void
  open(): void
  close(): void
}

/** Stands between an engine and its PostgreSQL (a unix socket) and breaks the line at the worst moments. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const socketPath = `${target.searchParams.get('host')}/.s.PGSQL.${target.port || 5432}`
  const sockets = new Set<Socket>()
  let fault: Fault | null = null
  let shut = false
  const server = createServer((client) => {
    if (shut) return void client.destroy()
    const postgres = connect(socketPath)
    let answerIsLost = false
    const cut = () => {
      client.destroy()
      postgres.destroy()
    }
    for (const socket of [client, postgres]) {
      sockets.add(socket)
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    client.on('data', (chunk) => {
      // The name of the prepared statement stands in the message that runs it.
      if (fault && chunk.includes('append\0')) {
        answerIsLost = fault === 'lose the answer'
        fault = null
        if (!answerIsLost) return cut()
      }
      postgres.write(chunk)
    })
    postgres.on('data', (chunk) => {
      if (!answerIsLost) client.write(chunk)
      else if (chunk.includes('INSERT 0 ')) cut()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(databaseUrl)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    failNext(next) {
      fault = next
    },
    shut() {
      shut = true
      cutAll()
    },
    open() {
      shut = false
    },
    close() {
      server.close()
      cutAll()
    },
  }
}
