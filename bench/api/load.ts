/**
 * A child process that sends what it is told to over 50 kept connections. Without a rate: as fast as they are answered. With one: on
 * a fixed schedule, whatever the answers do, and each latency counts from the moment its request was due. A request that
 * has to wait for a free connection, or for this process, is late already: that hides no stall of the server.
 */
import { performance } from 'node:perf_hooks'
import { percentile } from '../ratios.ts'
import { buildRequests, CONNECTIONS, type Connection, openConnection, type Requests } from './requests.ts'

export interface Load extends Requests {
  /** null: as fast as possible. */
  perSecond: number | null
}
export interface LoadResult {
  refused: number
  perSecond: number
  p50Ms: number
  p99Ms: number
}

process.once('disconnect', () => process.exit(0))
process.on('message', (load: Load) => {
  const requests = buildRequests(load)
  const latenciesMs: number[] = []
  const free: Connection[] = []
  const dueMs = new Map<Connection, number>()
  const intervalMs = load.perSecond === null ? 0 : 1000 / load.perSecond
  let startMs = performance.now()
  let open = 0
  let next = 0
  let answered = 0
  let refused = 0

  for (let connection = 0; connection < CONNECTIONS; connection++) {
    openConnection(load.port, onAnswer, (error) => {
      throw error
    })
  }

  function onAnswer(connection: Connection, ok: boolean | null): void {
    free.push(connection)
    if (ok === null) {
      if (++open < CONNECTIONS) return
      startMs = performance.now()
    } else {
      latenciesMs.push(performance.now() - (dueMs.get(connection) ?? 0))
      answered++
      if (!ok) refused++
    }
    if (answered === requests.length) finish()
    else sendDue()
  }

  function sendDue(): void {
    const nowMs = performance.now()
    while (next < requests.length && free.length > 0) {
      const at = load.perSecond === null ? nowMs : startMs + next * intervalMs
      if (at > nowMs) break
      const connection = free.pop()!
      dueMs.set(connection, at)
      connection.send(requests[next++]!)
    }
    if (load.perSecond !== null && next < requests.length && free.length > 0) schedule()
  }

  let scheduled = false
  function schedule(): void {
    if (scheduled) return
    scheduled = true
    // What is due within the same millisecond leaves together, late by up to that: waiting for each moment by turning the
    // event loop would take from the server one of the cores that both share.
    const dueInMs = startMs + next * intervalMs - performance.now()
    setTimeout(
      () => {
        scheduled = false
        sendDue()
      },
      Math.max(dueInMs, 0),
    )
  }

  function finish(): void {
    const perSecond = requests.length / ((performance.now() - startMs) / 1000)
    for (const connection of free) connection.close()
    const result: LoadResult = {
      ...{ refused, perSecond },
      ...{ p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99) },
    }
    process.send?.(result)
  }
})
