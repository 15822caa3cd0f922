import { expect } from 'vitest'
import type { Db } from '#lib/db/pool.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { killPollers } from './kill-pollers.ts'
import { bodiesOf, numberOfFacts, openTickets } from './many-events.ts'
import { startTestQueue } from './test-queue.ts'

const EACH_TIME = 150

/** Whatever moment a poller is killed at: every event is in the index once, and nothing is left in the queue. */
export async function killedPollersStory(db: Db, databaseUrl: string, kills: number): Promise<void> {
  const queue = await startTestQueue(null)
  try {
    const environment = anEnvironment({
      name: 'killed',
      kind: 'aws',
      accountId: '111122223333',
      region: 'eu-central-1',
      channels: { sns: { topicArns: [] }, sqs: [{ queueUrl: queue.queueUrl }], eventbridge: false },
    })
    let sent = 0
    await killPollers(queue, { databaseUrl, environment, visibilitySeconds: 2 }, kills, () => {
      queue.send(bodiesOf(`k${sent}`, EACH_TIME))
      sent += EACH_TIME
    })
    expect(await numberOfFacts(db, 'killed')).toBe(sent)
    expect(await openTickets(db, 'killed')).toHaveLength(sent)
    const { rows } = await db.query(
      `select status, sum(count)::int as count from counters where environment = 'killed' group by status having sum(count) <> 0`,
    )
    expect(rows).toEqual([{ status: 'SEARCHING', count: sent }])
    console.log(`${kills} kills: ${sent} events stored once each, ${queue.counts.received} messages handed out.`)
    // Otherwise every process was killed before it had anything in hand, and this has shown nothing.
    expect(queue.counts.received).toBeGreaterThan(sent)
  } finally {
    await queue.stop()
  }
}
