/** The production builds that are measured: the dashboard's own, and an app of next to nothing. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { prepare } from '../../scripts/prepare.mjs'

export const ROOT = path.resolve(import.meta.dirname, '../..')
export const EMPTY_APP = path.join(import.meta.dirname, 'empty-app')
export const NEXT = path.join(ROOT, 'node_modules/next/dist/bin/next')
const STAMP = path.join(EMPTY_APP, '.next/bench-sources')
const BUILD_MS = 300_000

/** Builds what is not built of these sources: about half a minute each. */
export async function makeBuilds(): Promise<void> {
  await prepare({ dev: true, built: true })
  const sources = emptyAppSources()
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === sources) return
  const child = spawn(process.execPath, [NEXT, 'build', EMPTY_APP], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: BUILD_MS,
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The empty app could not be built (${code}).`)
  fs.writeFileSync(STAMP, sources)
}

function emptyAppSources(): string {
  const hash = createHash('sha256').update(fs.readFileSync(path.join(ROOT, 'node_modules/next/package.json')))
  const files = fs.readdirSync(EMPTY_APP, { recursive: true, withFileTypes: true })
  for (const file of files) {
    const at = path.join(file.parentPath, file.name)
    if (file.isFile() && !at.includes(`${path.sep}.next${path.sep}`)) hash.update(at).update(fs.readFileSync(at))
  }
  return hash.digest('hex')
}
