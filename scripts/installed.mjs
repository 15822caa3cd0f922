/** Compares what is installed with the lock file. npm notes what it installed in a lock file of its own. */
import fs from 'node:fs'
import path from 'node:path'

/**
 * Names of packages of the lock that are missing or of another version. Those for other platforms do not count, nor
 * does what an optional package alone would need: npm leaves it out with the package.
 * @param {{ root?: string, dev: boolean }} options dev: development packages count too
 * @returns {string[]}
 */
export function missingPackages({ root = '.', dev }) {
  const wanted = readPackages(path.join(root, 'package-lock.json'))
  const found = readPackages(path.join(root, 'node_modules/.package-lock.json'))
  return Object.entries(wanted)
    .filter(([at, entry]) => at.startsWith('node_modules/') && (dev || !entry.dev) && isNeededHere(entry))
    .filter(([at, entry]) => {
      const same = found[at]?.version === entry.version && found[at]?.integrity === entry.integrity
      return !same || !fs.existsSync(path.join(root, at, 'package.json'))
    })
    .map(([at]) => at.slice('node_modules/'.length))
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

function isNeededHere(entry) {
  if (entry.optional && !entry.os && !entry.cpu) return false
  return (
    matches(entry.os, process.platform) &&
    matches(entry.cpu, process.arch) &&
    (!entry.libc || matches(entry.libc, libc))
  )
}

/** A list as npm writes it: names, or names to exclude with a leading `!`; one name may stand alone. */
function matches(list, value) {
  if (!list) return true
  const names = [list].flat()
  if (names.includes(`!${value}`)) return false
  const required = names.filter((name) => !name.startsWith('!'))
  return required.length === 0 || required.includes(value)
}

const libc =
  process.platform === 'linux' ? (process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl') : null
