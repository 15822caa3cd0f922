import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readHolder, takeLock } from './pid-lock.mjs'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'matchdesk-lock-'))
afterAll(() => fs.rmSync(folder, { recursive: true }))
let count = 0
const newFile = () => path.join(folder, `lock-${++count}`)

describe('a lock file', () => {
  it('names its holder to whoever comes second', () => {
    const file = newFile()
    const first = takeLock(file, { address: 'http://127.0.0.1:3000' })
    expect(first.taken).toBe(true)
    expect(takeLock(file)).toMatchObject({
      taken: false,
      holder: { pid: process.pid, address: 'http://127.0.0.1:3000', since: expect.stringMatching(/Z$/) },
    })
  })

  it('can be taken again after its release', () => {
    const file = newFile()
    const first = takeLock(file)
    if (first.taken) first.release()
    expect(readHolder(file)).toBeNull()
    expect(takeLock(file).taken).toBe(true)
  })

  it('shows the facts its holder changed', () => {
    const file = newFile()
    const lock = takeLock(file, { ready: false })
    if (lock.taken) lock.update({ ready: true })
    expect(readHolder(file)).toMatchObject({ pid: process.pid, ready: true })
  })

  it('is taken over from a process that is gone', () => {
    const file = newFile()
    const { pid } = spawnSync('true')
    fs.writeFileSync(file, JSON.stringify({ pid, processStart: null, since: '2026-01-01T00:00:00.000Z', mark: 'x' }))
    expect(readHolder(file)).toBeNull()
    expect(takeLock(file).taken).toBe(true)
  })

  it('is taken over when the process number belongs to another process by now', () => {
    const file = newFile()
    const facts = { pid: process.pid, processStart: 'another boot 1', since: '2026-01-01T00:00:00.000Z', mark: 'x' }
    fs.writeFileSync(file, JSON.stringify(facts))
    expect(takeLock(file).taken).toBe(process.platform === 'linux')
  })

  it('is taken over when its file is damaged', () => {
    const file = newFile()
    fs.writeFileSync(file, '{"pid":')
    expect(takeLock(file).taken).toBe(true)
  })

  it('goes to exactly one of many that find a dead holder at once', async () => {
    const file = newFile()
    fs.writeFileSync(file, JSON.stringify({ pid: spawnSync('true').pid, processStart: null, since: '', mark: 'x' }))
    const script = `import { takeLock } from ${JSON.stringify(path.resolve('lib/start/pid-lock.mjs'))}
      process.stdout.write(String(takeLock(${JSON.stringify(file)}).taken) + '\\n'); process.stdin.resume()`
    const rivals = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    const answers = await Promise.all(
      rivals.map(
        (rival) => new Promise<string>((resolve) => rival.stdout.once('data', (data) => resolve(`${data}`.trim()))),
      ),
    )
    for (const rival of rivals) rival.kill('SIGKILL')
    expect(answers.filter((answer) => answer === 'true')).toHaveLength(1)
  })
})
