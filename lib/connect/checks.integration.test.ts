import { afterAll, beforeAll, expect, it } from 'vitest'
import { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import type { CheckPart } from './check.ts'
import { checkPart } from './checks.ts'
import { openConnectClients } from './clients.ts'

let aws: FakeAws
/** As AWS would call it: the one of the stand-in is no address a browser would take. */
const queueUrl = () => `https://sqs.eu-central-1.amazonaws.com/111122223333/${aws.queueUrl.split('/').at(-1)}`
const before = { ...process.env }
beforeAll(async () => {
  aws = await startFakeAws({
    externalIds: { 'arn:aws:iam::111122223333:role/reader': 'desk' },
  })
  Object.assign(process.env, aws.env)
})
afterAll(async () => {
  process.env = before
  await aws?.stop()
})

const anInput = (given: object = {}) =>
  EnvironmentInput.parse({
    name: 'prod',
    label: 'prod',
    protection: 'protected',
    region: 'eu-central-1',
    accountId: '111122223333',
    credentials: { readRoleArn: 'arn:aws:iam::111122223333:role/reader', externalId: 'desk' },
    ...given,
  })

async function run(part: CheckPart, given: EnvironmentInput) {
  const clients = openConnectClients(given)
  try {
    return await checkPart(part, given, clients)
  } finally {
    clients.close()
  }
}
const states = ({ checks }: { checks: { id: string; state: string }[] }) =>
  Object.fromEntries(checks.map(({ id, state }) => [id, state]))

it('says who it is by each role, in the words of STS', async () => {
  const found = await run('who', anInput())
  expect(states(found)).toEqual({ reader: 'ok', writer: 'ok' })
  expect(found.account).toBe('111122223333')
  expect(found.checks[0]?.said).toContain('assumed-role/reader')
})

it('shows the exact refusal when the external id is wrong', async () => {
  const found = await run('who', anInput({ credentials: { readRoleArn: 'arn:aws:iam::111122223333:role/reader' } }))
  expect(found.checks[0]).toMatchObject({
    state: 'refused',
    said: expect.stringContaining('Not authorized to perform sts:AssumeRole'),
  })
})

it('does not take the account of somebody else for this one', async () => {
  const found = await run('who', anInput({ accountId: '999999999999' }))
  expect(found.checks[0]).toMatchObject({ state: 'refused', said: expect.stringContaining('111122223333') })
})

it('every read and every write is allowed where it is, and nothing is changed', async () => {
  const reads = await run('reads', anInput())
  expect(states(reads)).toEqual({
    DescribeMatchmakingConfigurations: 'ok',
    DescribeMatchmakingRuleSets: 'ok',
    DescribeMatchmaking: 'ok',
    DescribeGameSessionQueues: 'ok',
    DescribeGameSessions: 'ok',
  })
  expect(reads.configurations).toEqual(expect.any(Array))
  const writes = await run('writes', anInput())
  expect(states(writes)).toEqual({ StopMatchmaking: 'ok', AcceptMatch: 'ok', StartMatchBackfill: 'ok' })
})

it('tells that a configuration to follow is not there', async () => {
  const { checks } = await run('reads', anInput({ configurations: ['no-such'] }))
  expect(checks[0]).toMatchObject({ state: 'refused', said: 'There is no configuration called no-such there.' })
})

it('lists a session of each fleet that is named, as the list of sessions will, and tells which is not there', async () => {
  const nowhere = 'fleet-99999999-9999-4999-8999-999999999999'
  const { checks } = await run('reads', anInput({ fleets: [nowhere, 'alias-of-nothing'] }))
  for (const fleet of [nowhere, 'alias-of-nothing']) {
    expect(checks.find(({ id }) => id === `DescribeGameSessions ${fleet}`)).toMatchObject({
      state: 'failed',
      said: expect.stringMatching(/^NotFoundException: .* does not exist\.$/),
    })
  }
})

it('tries every permission of a queue and leaves its messages where they are', async () => {
  const given = anInput({ channels: { sqs: [{ queueUrl: queueUrl() }] } })
  const { checks } = await run('channels', given)
  expect(checks).toHaveLength(4)
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([])
  const gone = await run('channels', anInput({ channels: { sqs: [{ queueUrl: `${queueUrl()}-gone` }] } }))
  expect(gone.checks.every(({ state, said }) => state === 'failed' && said !== null)).toBe(true)
})

it('asks nothing of an address that may not be asked', async () => {
  const given = anInput({ endpoint: 'https://169.254.169.254' })
  const found = await run('who', given)
  expect(found.checks).toMatchObject([{ id: 'endpoint', state: 'refused' }])
  expect((await run('writes', given)).checks).toEqual([])
})
