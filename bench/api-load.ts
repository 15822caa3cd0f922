/** A child process that sends requests over 50 kept connections, as fast as they are answered, and counts the answers. */
import { connect } from 'node:net'
import { makeColumns, startInput, ticketIdOf } from './workload.ts'

export interface Load {
  port: number
  operation: 'StartMatchmaking' | 'DescribeMatchmaking' | 'StopMatchmaking'
  configuration: string
  /** Requests name the tickets `first` to `first + count - 1`. */
  first: number
  count: number
}
const CONNECTIONS = 50

process.once('message', async (load: Load) => {
  const requests = buildRequests(load)
  let next = 0
  let refused = 0
  await Promise.all(Array.from({ length: CONNECTIONS }, () => connection(load.port)))
  process.send?.({ refused }, () => process.disconnect())

  function connection(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true)
      let awaited = 0
      let received = 0
      const send = () => {
        const request = requests[next++]
        if (!request) {
          socket.destroy()
          return resolve()
        }
        awaited = received = 0
        socket.write(request)
      }
      socket.on('connect', send).on('error', reject)
      socket.on('data', (chunk: Buffer) => {
        if (awaited === 0) {
          const head = chunk.indexOf('\r\n\r\n')
          const text = chunk.toString('latin1', 0, head)
          if (!text.startsWith('HTTP/1.1 200')) refused++
          awaited = head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1])
        }
        received += chunk.length
        if (received >= awaited) send()
      })
    })
  }
})

function buildRequests({ port, operation, configuration, first, count }: Load): Buffer[] {
  const columns = makeColumns(first + count)
  return Array.from({ length: count }, (_, index) => {
    const ticket = first + index
    const input = {
      StartMatchmaking: () => startInput(columns, ticket, configuration),
      DescribeMatchmaking: () => ({ TicketIds: [ticketIdOf(ticket)] }),
      StopMatchmaking: () => ({ TicketId: ticketIdOf(ticket) }),
    }[operation]()
    const body = JSON.stringify(input)
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
