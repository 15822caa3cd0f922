/** Builds the dashboard when something it is made of has changed. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Problem, runStep } from './progress.mjs'
import { tool, toolEnv } from './runtime.mjs'

const STAMP = '.next/matchdesk-sources'
const SOURCES = ['app', 'components', 'lib', 'public']
/** Run by Node as they are; the dashboard never imports them. */
const NOT_BUILT = ['lib/engine', 'lib/start', 'lib/db/migrations']
const FILES =
  /^(package(-lock)?\.json|tsconfig\.json|next\.config\.\w+|postcss\.config\.\w+|(instrumentation(-client)?|proxy)\.ts)$/

/**
 * A hash of all that `next build` reads: names and contents, so that neither clocks nor a fresh clone matter, and the key
 * of the server actions where one is given, which goes into their ids.
 */
export function sourcesHash(root = '.') {
  const hash = createHash('sha256').update(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? '')
  const files = [
    ...fs.readdirSync(root).filter((name) => FILES.test(name)),
    ...SOURCES.flatMap((folder) => filesBelow(root, folder)),
  ]
  for (const file of files.sort()) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesBelow(root, folder) {
  if (NOT_BUILT.includes(folder) || !fs.existsSync(path.join(root, folder))) return []
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const at = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : filesBelow(root, at)
    return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [at] : []
  })
}

export function isBuilt() {
  return fs.existsSync('.next/BUILD_ID') && fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === sourcesHash()
}

export async function build() {
  const hash = sourcesHash()
  fs.rmSync(STAMP, { force: true }) // an interrupted build must not pass for a finished one
  const code = await runStep('Building the dashboard', tool('next', 'build'), {
    env: toolEnv({ NODE_ENV: 'production', MATCHDESK_BUILD_ID: hash.slice(0, 32) }),
    quiet: true,
  })
  if (code !== 0) throw new Problem('The dashboard could not be built; the reason is above.')
  fs.writeFileSync(STAMP, hash)
}
