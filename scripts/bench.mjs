/** `npm run bench`: installs what is missing, then runs bench/main.ts on a Node that runs TypeScript. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { prepare } from './prepare.mjs'
import { nodeCommand, toolEnv } from './runtime.mjs'

/** @param {string[]} options those of bench/main.ts */
export async function bench(options) {
  await prepare({ dev: true })
  const [file, ...args] = [...nodeCommand(), 'bench/main.ts', ...options]
  const child = spawn(file, args, { env: toolEnv({ NODE_ENV: 'production' }), stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  process.exit(code ?? 1)
}
