import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { StartProblem } from './progress.ts'

/** Throws a StartProblem that says who has the port and which variable moves ours. */
export async function requireFreePort(host: string, port: number, variable: string): Promise<void> {
  const error = await tryToListen(host, port)
  if (!error) return
  if (error.code === 'EADDRINUSE') {
    const owner = portOwner(port)
    throw new StartProblem(
      `Port ${port} is in use${owner ? ` by process ${owner.pid} (${owner.command})` : ' by another program'}. ` +
        `Stop it, or set ${variable} to another port.`,
    )
  }
  if (error.code === 'EACCES') {
    throw new StartProblem(`Port ${port} may not be used by this user (EACCES). Set ${variable} to one above 1023.`)
  }
  throw new StartProblem(
    `Nothing can listen on ${host} port ${port} (${error.code}). Check MATCHDESK_HOST and ${variable}.`,
  )
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', resolve)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

/** The process that listens on a TCP port, where Linux tells us (our own user's processes, or all for root). */
export function portOwner(port: number): { pid: number; command: string } | null {
  try {
    const inodes = listeningInodes(port)
    if (inodes.size === 0) return null
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (!holdsSocket(pid, inodes)) continue
      const [program = '', ...args] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      const named = [path.basename(program), ...args.filter((arg) => !arg.startsWith('-'))]
      const command = named.join(' ').trim().slice(0, 120)
      return { pid: Number(pid), command }
    }
  } catch {
    // Not Linux, or the process ended while we looked.
  }
  return null
}

function listeningInodes(port: number): Set<string> {
  const LISTEN = '0A'
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(1) : [],
  )
  const rows = lines.map((line) => line.trim().split(/\s+/))
  return new Set(
    rows.filter((row) => row[1]?.endsWith(`:${hexPort}`) && row[3] === LISTEN).map((row) => `socket:[${row[9]}]`),
  )
}

function holdsSocket(pid: string, inodes: Set<string>): boolean {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return inodes.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
