import { spawn } from 'node:child_process'

/**
 * Runs the command with our terminal, passes signals on and resolves with its exit code.
 * @param {string[]} command
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<number>}
 */
export function handOver([file, ...args], env = process.env) {
  // The channel tells the other side when this process is gone, however it went.
  const child = spawn(file, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
