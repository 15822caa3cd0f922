/** One address in front of several web processes: nginx where it is installed, else a few lines of Node that do the same. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

export interface Balancer {
  kind: 'nginx' | 'node'
  url: string
  stop(): Promise<void>
}

const CONNECT_MS = 1_000
const NGINX = ['/usr/sbin/nginx', 'nginx'].find((file) => spawnSync(file, ['-v']).status === 0)
export const BALANCERS: readonly Balancer['kind'][] = NGINX ? ['nginx', 'node'] : ['node']

/**
 * Sends each request to the next of `ports`. Who does not take the connection is passed over; a request that has been sent
 * is never sent again, because it may have had its effect.
 */
export function startBalancer(ports: readonly number[], kind = BALANCERS[0]): Promise<Balancer> {
  return kind === 'nginx' ? startNginx(ports) : startNodeBalancer(ports)
}

async function startNginx(ports: readonly number[]): Promise<Balancer> {
  const port = await freePort()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'balancer-'))
  const file = path.join(folder, 'nginx.conf')
  fs.writeFileSync(file, nginxConfiguration(folder, port, ports))
  const nginx = spawn(NGINX as string, ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 100 && !(await isListening(port)); attempt++) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended with ${nginx.exitCode}; its configuration is ${file}`)
    await sleep(50)
  }
  return {
    kind: 'nginx',
    url,
    async stop() {
      if (nginx.exitCode === null && nginx.signalCode === null) {
        nginx.kill('SIGTERM')
        await once(nginx, 'exit')
      }
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Asks nobody behind it. */
async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** As docs/operations.md shows it, with places for a test to write to. */
function nginxConfiguration(folder: string, port: number, ports: readonly number[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const servers = ports.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`)
  return `daemon off;
master_process off;
pid ${folder}/pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  upstream matchdesk {
    ${servers.join('\n    ')}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://matchdesk;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_connect_timeout ${CONNECT_MS}ms;
      proxy_read_timeout 60s;
      proxy_buffering off;
      client_max_body_size 2m;
    }
  }
}
`
}

async function startNodeBalancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer((request, response) => {
    const first = turn++
    const attempt = (tried: number) => {
      if (tried === ports.length) return void response.writeHead(502).end()
      const port = ports[(first + tried) % ports.length]
      const { method, url: target, headers } = request
      const onward = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent, timeout: 60_000 })
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') return attempt(tried + 1)
        if (response.headersSent) response.destroy()
        else response.writeHead(502).end()
      })
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        answer.on('error', () => response.destroy())
      })
      response.once('close', () => onward.destroy())
      // Nothing of the body is read before a connection is there, so that the next in turn gets it whole.
      onward.once('socket', (socket) =>
        socket.connecting ? socket.once('connect', () => request.pipe(onward)) : request.pipe(onward),
      )
      onward.flushHeaders()
    }
    attempt(0)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    kind: 'node',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}
