/** Requests as bytes, and a connection that sends one after the other and reads the answers. */
import { connect } from 'node:net'
import type { Columns } from '../workload/columns.ts'
import { startInput, ticketIdOf, WORKLOADS, type WorkloadName } from '../workload/workloads.ts'

export type LoadOperation = 'StartMatchmaking' | 'DescribeMatchmaking' | 'StopMatchmaking'
export interface Requests {
  port: number
  operation: LoadOperation
  workload: WorkloadName
  /** Of all tickets that this server ever gets: they are drawn together. */
  tickets: number
  /** The requests name the tickets `first` to `first + count - 1`. */
  first: number
  count: number
}
export const CONNECTIONS = 50

export function buildRequests({ port, operation, workload, tickets, first, count }: Requests): Buffer[] {
  const columns = WORKLOADS[workload].columns(tickets)
  return Array.from({ length: count }, (_, index) => {
    const body = JSON.stringify(inputOf(operation, workload, columns, first + index))
    const head = [
      'POST / HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/x-amz-json-1.1',
      `X-Amz-Target: GameLift.${operation}`,
      'X-Amz-Date: 20260203T182000Z',
      'Authorization: AWS4-HMAC-SHA256 Credential=local/20260203/us-east-1/gamelift/aws4_request, ' +
        `SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}

function inputOf(operation: LoadOperation, workload: WorkloadName, columns: Columns, ticket: number) {
  if (operation === 'StartMatchmaking') return startInput(WORKLOADS[workload], columns, ticket)
  const TicketId = ticketIdOf(ticket)
  return operation === 'DescribeMatchmaking' ? { TicketIds: [TicketId] } : { TicketId }
}

export interface Connection {
  /** One at a time. */
  send(request: Buffer): void
  close(): void
}

/** `onAnswer` is called for every answer, and once at the beginning with `null`: the connection is free. */
export function openConnection(
  port: number,
  onAnswer: (connection: Connection, ok: boolean | null) => void,
  onError: (error: Error) => void,
): void {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  const connection: Connection = { send: (request) => void socket.write(request), close: () => void socket.destroy() }
  let awaited = 0
  let received = 0
  let ok = false
  socket.on('connect', () => onAnswer(connection, null)).on('error', onError)
  socket.on('data', (chunk: Buffer) => {
    if (awaited === 0) {
      const head = chunk.indexOf('\r\n\r\n')
      const text = chunk.toString('latin1', 0, head)
      ok = text.startsWith('HTTP/1.1 200')
      awaited = head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1])
    }
    received += chunk.length
    if (received < awaited) return
    awaited = received = 0
    onAnswer(connection, ok)
  })
}
