import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

it('leaves no busy child behind when it is killed', async () => {
  const bench = spawn(process.execPath, ['bench/testing/bench-with-busy-child.ts'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = await once(bench.stdout, 'data')
  const child = Number(text)
  expect(isAlive(child)).toBe(true)
  bench.kill('SIGKILL')
  await expect.poll(() => isAlive(child), { timeout: 20_000 }).toBe(false)
}, 30_000)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
