/**
 * The line between a web process and its PostgreSQL. It can be frozen, and every statement can be seen on it, so that
 * something can be done at a moment of its life: when it comes, while it is carried out, or when its answer is there and
 * nobody has heard it yet.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface StatementMoment {
  /** Stands in the statement. */
  statement: string
  /** Stands in an earlier statement of the same transaction. */
  after?: string
  at: 'received' | 'carried out' | 'answered'
}

export interface DatabaseLine {
  /** The same database through the line. */
  url: string
  /** Does it once, at the next such moment. What was received goes no further, and no answer comes back. */
  stopAt(moment: StatementMoment, what: () => void): void
  /** As a database that is frozen: every connection stays open, new ones are taken, and nobody answers. */
  freeze(): void
  thaw(): void
  close(): void
}

/** `databaseUrl` names a unix socket. */
export async function startDatabaseLine(databaseUrl: string): Promise<DatabaseLine> {
  const target = new URL(databaseUrl)
  const socketPath = `${target.searchParams.get('host')}/.s.PGSQL.${target.port || 5432}`
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  let frozen = false
  let waiting: { moment: StatementMoment; what: () => void } | null = null
  const server = createServer((client) => {
    const postgres = connect(socketPath)
    clients.add(client)
    client.on('close', () => clients.delete(client))
    if (frozen) client.pause()
    /** What came in this transaction. */
    let transaction = ''
    let onAnswer: (() => void) | null = null
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      sockets.add(socket)
      // Not destroyed: what was sent is still carried out.
      socket
        .on('error', () => other.end())
        .on('close', () => {
          sockets.delete(socket)
          other.end()
        })
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      const met = waiting && text.includes(waiting.moment.statement) && transaction.includes(waiting.moment.after ?? '')
      transaction = /(commit|rollback)\0/.test(text) ? '' : transaction + text
      if (!met || !waiting) return void postgres.write(chunk)
      const { moment, what } = waiting
      waiting = null
      if (moment.at !== 'received') postgres.write(chunk)
      if (moment.at === 'answered') onAnswer = what
      else what()
      if (moment.at === 'received') postgres.destroy()
    })
    postgres.on('data', (chunk) => {
      if (!onAnswer) return void client.write(chunk)
      onAnswer()
      client.destroy()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(databaseUrl)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    stopAt(moment, what) {
      waiting = { moment, what }
    },
    freeze() {
      frozen = true
      for (const client of clients) client.pause()
    },
    thaw() {
      frozen = false
      for (const client of clients) client.resume()
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
