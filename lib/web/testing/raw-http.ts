import net from 'node:net'

export interface RawAnswer {
  status: number
  headers: Headers
  body: string
  /** From the first byte sent to the last received. */
  tookMs: number
  closed: boolean
}
export interface RawRequest {
  method?: string
  path?: string
  headers?: Record<string, string | readonly string[]>
  body?: string | Buffer
}

/** Sends bytes that no client would and reads one answer. Headers and path go out exactly as given. */
export function rawHttp(origin: string, given: RawRequest, timeoutMs = 20_000): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(origin)
  const { method = 'GET', path = '/', body } = given
  const headers: Record<string, string | readonly string[]> = { host, connection: 'close', ...given.headers }
  if (body !== undefined && !('content-length' in headers) && !('transfer-encoding' in headers)) {
    headers['content-length'] = String(Buffer.byteLength(body))
  }
  const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}`))
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const chunks: Buffer[] = []
    let timer: NodeJS.Timeout
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      if (body !== undefined) socket.write(body)
    })
    const end = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const text = Buffer.concat(chunks).toString('latin1')
      const at = text.indexOf('\r\n\r\n')
      if (at < 0) return reject(new Error(`No answer to ${method} ${path}: ${JSON.stringify(text.slice(0, 200))}`))
      const [statusLine = '', ...headerLines] = text.slice(0, at).split('\r\n')
      const answered = new Headers()
      for (const line of headerLines)
        answered.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1))
      const tookMs = performance.now() - began
      const answer = Buffer.concat(chunks)
        .subarray(Buffer.byteLength(text.slice(0, at + 4), 'latin1'))
        .toString()
      resolve({ status: Number(statusLine.split(' ')[1]), headers: answered, body: answer, tookMs, closed })
    }
    timer = setTimeout(() => end(false), timeoutMs)
    socket.on('data', (chunk) => void chunks.push(chunk))
    socket.on('close', () => end(true))
    socket.on('error', () => {})
  })
}
