import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DescribeMatchmakingCommand, StopMatchmakingCommand } from '@aws-sdk/client-gamelift'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Environment } from '#lib/environments/environment.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { NO_FAULTS } from '#lib/testing/aws/fault-plan.ts'
import { connect } from './connect.ts'
import { gameLift } from './gamelift.ts'
import { notAsked } from './not-asked.ts'

const READER = 'arn:aws:iam::111122223333:role/matchdesk-read'
const WRITER = 'arn:aws:iam::111122223333:role/matchdesk-write'

let aws: FakeAws
beforeAll(async () => {
  aws = await startFakeAws({ externalIds: { [WRITER]: 'known-to-both' } })
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
})
const opened: { close(): void }[] = []
afterEach(() => {
  aws.plan(NO_FAULTS)
  for (const one of opened.splice(0)) one.close()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws?.stop()
})

type Given = Pick<Environment, 'kind' | 'endpoint' | 'credentials'>
function open(given: Partial<Given>, options: Parameters<typeof connect>[1] = {}) {
  const clients = connect({ region: aws.region, kind: 'aws', endpoint: null, credentials: {}, ...given }, options)
  opened.push(clients)
  return clients
}
const describeNothing = new DescribeMatchmakingCommand({ TicketIds: ['nobody'] })
const stopNothing = new StopMatchmakingCommand({ TicketId: 'nobody' })

it('reads in one role and writes in the other, with the external id', async () => {
  const { reads, writes } = open({
    credentials: { readRoleArn: READER, writeRoleArn: WRITER, externalId: 'known-to-both' },
  })
  await reads.send(describeNothing)
  await expect(writes.send(stopNothing)).rejects.toMatchObject({ name: 'NotFoundException' })
  expect(aws.sts.assumed.map(({ roleArn, sessionName }) => [roleArn, sessionName])).toEqual([
    [READER, 'matchdesk'],
    [WRITER, 'matchdesk'],
  ])
  expect(aws.gamelift.calls.slice(-2).map(({ operation, session }) => [operation, session])).toEqual([
    ['DescribeMatchmaking', 'matchdesk'],
    ['StopMatchmaking', 'matchdesk'],
  ])
})

it('sends no write where the role is refused', async () => {
  const calls = aws.gamelift.calls.length
  const { writes } = open({ credentials: { writeRoleArn: WRITER, externalId: 'a wrong one' } })
  await expect(writes.send(stopNothing)).rejects.toMatchObject({ name: 'AccessDenied' })
  expect(aws.gamelift.calls).toHaveLength(calls)
})

it('is whoever the own chain of the SDK finds, without a role', async () => {
  await open({}).reads.send(describeNothing)
  expect(aws.gamelift.calls.at(-1)).toMatchObject({ operation: 'DescribeMatchmaking', session: null })
})

it('sends nothing to where machines keep their secrets, nor into a private network when it is AWS', async () => {
  for (const endpoint of ['https://169.254.169.254/', 'https://127.0.0.1:1/', 'http://gamelift.example/']) {
    await expect(open({ endpoint }).reads.send(describeNothing)).rejects.toMatchObject({ code: 'REFUSED' })
  }
  await open({ kind: 'local', endpoint: aws.engine.endpoint }).reads.send(describeNothing)
})

describe('credentials that AWS no longer takes', () => {
  it('are read anew once, by whichever of many requests meets them first', async () => {
    const { reads, writes } = open({ credentials: { readRoleArn: READER, writeRoleArn: READER } })
    await reads.send(describeNothing)
    const roles = aws.sts.assumed.length
    aws.sts.expireKeys()
    const calls = aws.gamelift.calls.length
    await Promise.all([1, 2, 3].map(() => reads.send(describeNothing)))
    expect(aws.sts.assumed.length - roles).toBe(1)
    expect(aws.gamelift.calls.slice(calls).map(({ answer }) => answer)).toEqual([
      ...Array(3).fill('expired'),
      ...Array(3).fill('answered'),
    ])
    await expect(writes.send(stopNothing)).rejects.toMatchObject({ name: 'NotFoundException' })
  })

  it('are said to be the reason, and are asked for again when somebody asks later', async () => {
    const matchmaker = gameLift(open({}))
    aws.plan({ credentials: 'expired' })
    const calls = aws.gamelift.calls.length
    const words = { code: 'REFUSED', message: expect.stringContaining('does not take Matchdesk’s credentials') }
    await expect(matchmaker.describeTickets(['nobody'])).rejects.toMatchObject(words)
    await expect(matchmaker.stop('nobody')).rejects.toMatchObject(words)
    // Renewed and sent again once; a moment later there is nothing newer to be had.
    expect(aws.gamelift.calls.length - calls).toBe(3)
    aws.plan({ credentials: 'good' })
    expect(await matchmaker.describeTickets(['nobody'])).toEqual([])
  })

  it('are read from their file again', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'credentials-'))
    const file = path.join(folder, 'credentials')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file)
    const write = (key: string) =>
      writeFileSync(file, `[desk]\naws_access_key_id = ${key}\naws_secret_access_key = x\naws_session_token = y\n`)
    try {
      write(String(aws.sts.assumed[0]?.accessKeyId))
      const { reads } = open({ credentials: { profile: 'desk' } })
      await expect(reads.send(describeNothing)).rejects.toMatchObject({ name: 'ExpiredTokenException' })
      write('AKIANEWNEWNEWNEWNEWN')
      await expect.poll(() => reads.send(describeNothing), { timeout: 5_000, interval: 200 }).toBeTruthy()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('of a role that cannot be taken are no question to GameLift that is without an answer', async () => {
    aws.plan({ credentials: 'expired' })
    const matchmaker = gameLift(open({ credentials: { writeRoleArn: READER } }))
    await expect(matchmaker.stop('nobody')).rejects.toMatchObject({
      code: 'MATCHMAKER_UNAVAILABLE',
      message: expect.stringContaining(READER),
    })
  })
})

describe('a budget of calls', () => {
  /** Notes what is taken and how often GameLift said that it was too much. */
  function counting() {
    const counted = { taken: 0, throttled: 0 }
    return {
      counted,
      wait: async () => void counted.taken++,
      throttled: async () => void counted.throttled++,
    }
  }

  it('is taken from by every request that is sent, second tries among them', async () => {
    const budget = counting()
    const matchmaker = gameLift(open({}, { budget }))
    aws.plan({ throttlePercent: 100 })
    const calls = aws.gamelift.calls.length
    await expect(matchmaker.describeTickets(['nobody'])).rejects.toThrow(/fewer requests/)
    await expect(matchmaker.stop('nobody')).rejects.toThrow(/Nothing was changed/)
    expect(aws.gamelift.calls.length - calls).toBe(5)
    expect(budget.counted).toEqual({ taken: 5, throttled: 5 })
  })

  it('keeps a request from being sent when it is used up', async () => {
    const used = notAsked('MATCHMAKER_UNAVAILABLE', 'not that often')
    const matchmaker = gameLift(open({}, { budget: { wait: () => Promise.reject(used), throttled: async () => {} } }))
    const calls = aws.gamelift.calls.length
    await expect(matchmaker.describeTickets(['nobody'])).rejects.toBe(used)
    await expect(matchmaker.stop('nobody')).rejects.toBe(used)
    expect(aws.gamelift.calls).toHaveLength(calls)
  })
})

it('nothing is sent to a name that leads elsewhere when it is connected to', async () => {
  const asked: string[] = []
  const lookup: LookupFunction = (host, _, callback) => {
    asked.push(host)
    callback(null, [{ address: '127.0.0.1', family: 4 }])
  }
  const port = new URL(aws.gamelift.url).port
  const { reads } = open({ endpoint: `https://gamelift.example:${port}` }, { lookup })
  const calls = aws.gamelift.calls.length
  await expect(reads.send(describeNothing)).rejects.toMatchObject({ code: 'REFUSED' })
  expect([asked, aws.gamelift.calls.length - calls]).toEqual([['gamelift.example'], 0])
  const local = { kind: 'local', endpoint: `http://engine.example:${port}` } as const
  await open(local, { lookup }).reads.send(describeNothing)
})
