/** `npm start`, `npm run web`, `npm run engine`, `npm run dev`, `npm run sign-in`, `npm run backup`, `npm run restore`: prepare, then hand over to lib/start. */
import { handOver } from './hand-over.mjs'
import { prepare } from './prepare.mjs'
import { startedAtMs } from './progress.mjs'
import { nodeCommand, toolEnv } from './runtime.mjs'

/**
 * @param {'start' | 'web' | 'engine' | 'dev'} mode
 * @param {{ env?: Record<string, string>, args?: string[] }} [more] args: for the engine
 */
export async function launch(mode, { env = {}, args = [] } = {}) {
  const name = mode === 'start' ? 'Matchdesk' : `Matchdesk (npm run ${mode})`
  const done = await prepare({ built: mode === 'start' || mode === 'web', running: name })
  const settings = {
    ...env,
    MATCHDESK_STARTED_AT_MS: String(startedAtMs),
    NODE_ENV: mode === 'dev' ? 'development' : 'production',
  }
  const code = await handOver([...nodeCommand(), 'lib/start/start.ts', mode, ...args], toolEnv(settings))
  done()
  process.exit(code)
}

export async function verifyAudit() {
  await prepare({})
  process.exit(
    await handOver([...nodeCommand(), 'lib/start/verify-audit-command.ts', ...process.argv.slice(3)], toolEnv()),
  )
}

export async function signIn() {
  await prepare({})
  process.exit(await handOver([...nodeCommand(), 'lib/start/sign-in.ts'], toolEnv()))
}

/** @param {'backup' | 'restore'} command */
export async function backUpOrRestore(command) {
  await prepare({})
  process.exit(
    await handOver([...nodeCommand(), 'lib/start/backup-command.ts', command, ...process.argv.slice(3)], toolEnv()),
  )
}
