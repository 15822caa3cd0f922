import { DescribeMatchmakingCommand, StopMatchmakingCommand } from '@aws-sdk/client-gamelift'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { Environment } from '#lib/environments/environment.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { connect } from './gamelift.ts'

const READER = 'arn:aws:iam::111122223333:role/matchdesk-read'
const WRITER = 'arn:aws:iam::111122223333:role/matchdesk-write'

let aws: FakeAws
beforeAll(async () => {
  aws = await startFakeAws({ externalIds: { [WRITER]: 'known-to-both' } })
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
})
const opened: { close(): void }[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await aws?.stop()
})

type Given = Pick<Environment, 'kind' | 'endpoint' | 'credentials'>
function open(given: Partial<Given>) {
  const clients = connect({ region: aws.region, kind: 'aws', endpoint: null, credentials: {}, ...given })
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
