import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { openPool } from '#lib/db/pool.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf, START } from '#lib/flexmatch/testing/builders.ts'
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { receive, Unavailable } from './receive.ts'

const TRIALS = process.env.MATCHDESK_FAULTS === 'full' ? 10 : 1
const MEGABYTES = 160
const environment = anEnvironment({ name: 'full' })

it(`a full disk refuses events, ${TRIALS} times, and loses none that were taken`, async (context) => {
  const volume = path.join(os.tmpdir(), `full-disk-${randomBytes(4).toString('hex')}`)
  fs.mkdirSync(volume, { mode: 0o755 })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', volume])
  if (mounted.status !== 0) {
    fs.rmdirSync(volume)
    return context.skip('a small volume can be mounted by root on Linux only')
  }
  const postgres = await startKillablePostgres('full', path.join(volume, 'data'))
  const db = openPool(postgres.url, { name: 'web' })
  const taken: string[] = []
  let number = 0
  const send = async () => {
    const tickets = Array.from({ length: 50 }, () => `t-${++number}`)
    await receive(db, environment, tickets.map(deliveryOf), { ms: 10_000 })
    taken.push(...tickets)
  }
  try {
    for (let trial = 0; trial < TRIALS; trial++) {
      await send()
      fs.writeFileSync(path.join(volume, 'ballast'), Buffer.alloc(freeBytes(volume)))
      let refused: unknown = null
      for (let attempt = 0; refused === null && attempt < 2_000; attempt++) {
        refused = await send().then(
          () => null,
          (error: unknown) => error,
        )
      }
      expect(refused).toBeInstanceOf(Unavailable)
      fs.rmSync(path.join(volume, 'ballast'))
      // Without room for its log the server ends itself; npm start then ends with it and is started again.
      await postgres.kill()
      await postgres.start()
      await expect.poll(() => send().then(() => 'taken', String), { timeout: 20_000 }).toBe('taken')
    }
    const { rows } = await db.query<{ lost: string }>(
      `select asked as lost from unnest($1::text[]) as asked
       where not exists (select from tickets where environment = $2 and ticket_id = asked)`,
      [taken, environment.name],
    )
    expect(rows).toEqual([])
  } finally {
    fs.rmSync(path.join(volume, 'ballast'), { force: true })
    await db.end()
    await postgres.stop()
    spawnSync('umount', [volume])
    fs.rmdirSync(volume)
  }
})

function freeBytes(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder)
  return bavail * bsize
}

function deliveryOf(ticketId: string) {
  const event = anEvent('MatchmakingSearching', {
    id: ticketId,
    tickets: [aTicket(ticketId, [`player of ${ticketId}`])],
  })
  return { channel: 'sqs' as const, messageId: ticketId, receivedAt: START, envelope: envelopeOf(event) }
}
