/**
 * A lock that is a file naming the process that holds it. Plain JavaScript, because the start command uses it before a
 * Node that runs TypeScript is there. Whoever finds a file whose process is gone takes it over.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * Takes the lock, or says who has it. The returned `update` rewrites the file's facts; `release` removes the file;
 * `previous` is what a dead holder had written.
 * @param {string} file
 * @param {Record<string, unknown>} [facts]
 */
export function takeLock(file, facts = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const mark = randomBytes(8).toString('hex')
  const own = { pid: process.pid, processStart: processStart(process.pid), since: new Date().toISOString(), mark }
  const draft = `${file}.${mark}`
  const write = (/** @type {Record<string, unknown>} */ more) =>
    fs.writeFileSync(draft, `${JSON.stringify({ ...own, ...more }, null, 2)}\n`, { mode: 0o600 })
  write(facts)
  let previous = null
  try {
    for (;;) {
      try {
        fs.linkSync(draft, file) // fails when the file is there: that is what makes this a lock
        break
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
      }
      const holder = readHolder(file)
      if (holder) return { taken: /** @type {const} */ (false), holder }
      previous = read(file) ?? previous
      dropStale(file, mark)
    }
  } finally {
    fs.rmSync(draft, { force: true })
  }
  return {
    taken: /** @type {const} */ (true),
    previous,
    update(/** @type {Record<string, unknown>} */ more) {
      write(more)
      fs.renameSync(draft, file)
    },
    release() {
      if (read(file)?.mark === mark) fs.rmSync(file, { force: true })
    },
  }
}

/**
 * The facts of the lock's holder, or null when nobody alive holds it.
 * @param {string} file
 */
export function readHolder(file) {
  const found = read(file)
  return found && isRunning(found) ? found : null
}

/** Moves a dead holder's file away. Another process may have done so and locked meanwhile: then its file goes back. */
function dropStale(/** @type {string} */ file, /** @type {string} */ mark) {
  const aside = `${file}.${mark}.stale`
  try {
    fs.renameSync(file, aside)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return
    throw error
  }
  if (readHolder(aside)) fs.linkSync(aside, file)
  fs.rmSync(aside, { force: true })
}

/** @returns {{ pid: number, processStart: string | null, since: string, mark: string, [fact: string]: unknown } | null} */
function read(/** @type {string} */ file) {
  try {
    const found = JSON.parse(fs.readFileSync(file, 'utf8'))
    return Number.isInteger(found?.pid) ? found : null
  } catch {
    return null
  }
}

/**
 * Whether exactly this process still runs.
 * @param {{ pid: number, processStart: string | null }} identity
 */
export function isRunning(identity) {
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return false
  }
  // Process numbers come back, in a container at once: the same number with another start time is somebody else.
  const start = processStart(identity.pid)
  return start === null || identity.processStart === null || start === identity.processStart
}

/**
 * When the process started, as Linux counts it; null elsewhere and for processes that are gone.
 * @param {number} pid
 */
export function processStart(pid) {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return `${boot} ${fields[19]}${fields[0] === 'Z' ? ' dead' : ''}`
  } catch {
    return null
  }
}
