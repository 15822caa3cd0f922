import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DescribeMatchmakingCommand, StopMatchmakingCommand } from '@aws-sdk/client-gamelift'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { NO_FAULTS } from '#lib/testing/aws/fault-plan.ts'
import { createCallBudget, readCallBudget } from './call-budget.ts'
import { connect } from './connect.ts'
import { gameLift } from './gamelift.ts'
import type { Matchmaker } from './matchmaker.ts'
import { notAsked, wasAsked } from './not-asked.ts'

const database = testDatabase()

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

it('takes the role that writes for each write, and never to read or to ask whether there is an answer', async () => {
  const clients = open({ credentials: { readRoleArn: READER, writeRoleArn: WRITER, externalId: 'known-to-both' } })
  const matchmaker = gameLift(clients)
  const assumed = aws.sts.assumed.length
  const taken = () => aws.sts.assumed.slice(assumed).map(({ roleArn }) => roleArn)
  await matchmaker.describeTickets(['nobody'])
  await matchmaker.probe()
  await matchmaker.listConfigurations()
  expect(taken()).toEqual([READER])
  await expect(matchmaker.stop('nobody')).rejects.toMatchObject({ code: 'GONE' })
  await matchmaker.probe()
  await expect(matchmaker.stop('nobody')).rejects.toMatchObject({ code: 'GONE' })
  expect(taken()).toEqual([READER, WRITER, WRITER])
  expect(aws.sts.assumed.at(-1)?.seconds).toBeLessThanOrEqual(900)
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
      answered: async () => {},
      unanswered: async () => {},
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
    const matchmaker = gameLift(open({}, { budget: { ...counting(), wait: () => Promise.reject(used) } }))
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
  await expect(open(local, { lookup }).reads.send(describeNothing)).rejects.toMatchObject({ code: 'REFUSED' })
  const { MATCHDESK_LOCAL_ENDPOINTS: listed } = aws.env
  vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', `${listed},engine.example:${port}`)
  await open(local, { lookup }).reads.send(describeNothing)
})

describe('a GameLift that takes calls and never answers', () => {
  it('is let go within 10 s, whatever is asked, and a write is not said to have failed', async () => {
    const matchmaker = gameLift(open({ credentials: { readRoleArn: READER } }))
    aws.plan({ blackHole: true })
    const calls = aws.gamelift.calls.length
    const begun = performance.now()
    const silent = expect.objectContaining({ code: 'MATCHMAKER_UNAVAILABLE' })
    expect(
      await Promise.all(
        [matchmaker.describeTickets(['nobody']), matchmaker.stop('nobody'), matchmaker.probe()].map((asked) =>
          asked.catch((error: unknown) => error),
        ),
      ),
    ).toEqual([silent, expect.objectContaining({ code: 'UNCONFIRMED' }), silent])
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(aws.gamelift.calls).toHaveLength(calls + 3)
  })

  it('is let go within 10 s also in the middle of an answer', async () => {
    const server = http.createServer((_, response) => response.write('{"TicketList": ['))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', new URL(endpoint).host)
    const begun = performance.now()
    try {
      await expect(gameLift(open({ kind: 'local', endpoint })).describeTickets(['nobody'])).rejects.toMatchObject({
        code: 'MATCHMAKER_UNAVAILABLE',
      })
      expect(performance.now() - begun).toBeLessThan(10_000)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('is not asked any more after five calls in a row, by no replica, and one call in five seconds finds it again', async () => {
    const environment = { name: 'silent', callsPerSecond: 100 }
    const doors = [1, 2].map(() => gameLift(open({}, { budget: createCallBudget(database.db, environment) })))
    const [one, other] = doors as [Matchmaker, Matchmaker]
    await one.describeTickets(['nobody'])
    aws.plan({ blackHole: true })
    const calls = () => aws.gamelift.calls.length
    const before = calls()
    await Promise.allSettled([1, 2, 3].map(() => one.describeTickets(['nobody'])))
    await Promise.allSettled([other.describeTickets(['nobody']), one.stop('nobody')])
    expect(calls() - before).toBe(5)
    const begun = performance.now()
    for (const asked of [() => one.describeTickets(['nobody']), () => other.probe(), () => other.stop('nobody')]) {
      const refused = await asked().catch((error: unknown) => error)
      expect(refused).toMatchObject({
        code: 'MATCHMAKER_UNAVAILABLE',
        message: expect.stringContaining('has not answered 5 calls in a row, so nothing was sent'),
      })
      expect(wasAsked(refused)).toBe(false)
    }
    expect([calls() - before, performance.now() - begun < 1_000]).toEqual([5, true])
    expect(await readCallBudget(database.db, 'silent')).toMatchObject({ heldAfter: 5 })

    const passed = () =>
      database.db.query(`update call_budgets set held_until = clock_timestamp() where environment = 'silent'`)
    await passed()
    // Of many that would go now one goes, and no write: nobody would know what became of it.
    await Promise.allSettled([other.stop('nobody'), ...doors.map((door) => door.describeTickets(['nobody']))])
    expect(calls() - before).toBe(6)
    await passed()
    aws.plan({ blackHole: false })
    await one.probe()
    expect(await readCallBudget(database.db, 'silent')).toMatchObject({ heldAfter: null })
    await expect(other.stop('nobody')).rejects.toMatchObject({ code: 'GONE' })
  })

  it('that refuses is answering', async () => {
    const budget = createCallBudget(database.db, { name: 'refusing', callsPerSecond: 100 })
    const matchmaker = gameLift(open({}, { budget }))
    for (let times = 0; times < 6; times++) await matchmaker.stop('nobody').catch(() => {})
    aws.plan({ credentials: 'expired' })
    for (let times = 0; times < 6; times++) await matchmaker.describeTickets(['nobody']).catch(() => {})
    expect(await readCallBudget(database.db, 'refusing')).toMatchObject({ heldAfter: null })
  })
})
