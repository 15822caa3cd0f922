/** `npm start`, `npm run engine`, `npm run dev`, `npm run sign-in`: prepare, then hand over to lib/start. */
import { spawn } from 'node:child_process'
import { prepare } from './prepare.mjs'
import { startedAtMs } from './progress.mjs'
import { nodeCommand, toolEnv } from './runtime.mjs'

/** @param {'start' | 'engine' | 'dev'} mode */
export async function launch(mode) {
  const name = mode === 'start' ? 'Matchdesk' : `Matchdesk (npm run ${mode})`
  const done = await prepare({ built: mode === 'start', running: name })
  const code = await handOver([...nodeCommand(), 'lib/start/start.ts', mode], {
    MATCHDESK_STARTED_AT_MS: String(startedAtMs),
    NODE_ENV: mode === 'dev' ? 'development' : 'production',
  })
  done()
  process.exit(code)
}

export async function signIn() {
  await prepare({})
  process.exit(await handOver([...nodeCommand(), 'lib/start/sign-in.ts'], {}))
}

/** Runs the command with our terminal, passes signals on and resolves with its exit code. */
function handOver([file, ...args], more) {
  // The channel tells the other side when this process is gone, however it went.
  const child = spawn(file, args, { env: toolEnv(more), stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
