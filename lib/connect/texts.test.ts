/** What somebody copies into their account is compared whole: a right more or less is a decision. */
import { expect, it } from 'vitest'
import { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { template } from './cloudformation.ts'
import { commands } from './commands.ts'
import { namesOf, queueArnOf } from './names.ts'
import { readPolicy, writePolicy } from './policies.ts'

const anInput = (given: object = {}) =>
  EnvironmentInput.parse({
    name: 'prod-eu',
    label: 'prod',
    protection: 'protected',
    region: 'eu-central-1',
    accountId: '111122223333',
    ...given,
  })
const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/111122223333/matchdesk-prod-eu'
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:matchdesk-prod-eu'
const everything = anInput({
  configurations: ['duel'],
  credentials: {
    readRoleArn: 'arn:aws:iam::111122223333:role/matchdesk-read',
    writeRoleArn: 'arn:aws:iam::111122223333:role/matchdesk-act',
    externalId: 'desk',
  },
  channels: { sqs: [{ queueUrl: QUEUE }], sns: { topicArns: [TOPIC] }, eventbridge: true },
})
const events = { sqs: true, sns: true, eventbridge: true, publicUrl: 'https://desk.example' }

it('whoever may only read cannot act, and the other way round', () => {
  const actions = (policy: { Statement: { Action: string[] }[] }) => policy.Statement.flatMap(({ Action }) => Action)
  const [reading, acting] = [actions(readPolicy(everything)), actions(writePolicy(everything))]
  expect(reading.filter((action) => /:(Start|Stop|Accept|Create|Update|Put|\*)/.test(action))).toEqual([])
  expect(acting.filter((action) => reading.includes(action))).toEqual([])
})

it('the policies, the template and the commands are these', async () => {
  const policies = { read: readPolicy(everything), write: writePolicy(everything) }
  await expect(JSON.stringify(policies, null, 2)).toMatchFileSnapshot('golden/policies.txt')
  await expect(template(everything, events)).toMatchFileSnapshot('golden/template.txt')
  const lines = commands(everything, events).map(({ does, command }) => `# ${does}\n${command}\n`)
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/commands.txt')
})

it('no secret and no key stands in any text', () => {
  const text = template(everything, events) + JSON.stringify(commands(everything, events))
  expect(text).toContain('NoEcho')
  expect(text).toContain('$MATCHDESK_SECRET')
})

it('everything a template refers to is in it', () => {
  for (const chosen of [events, { ...events, sqs: false, sns: false }, { ...events, eventbridge: false }]) {
    const made = JSON.parse(template(everything, chosen))
    const known = [...Object.keys(made.Resources), ...Object.keys(made.Parameters ?? {})]
    const text = JSON.stringify(made)
    const named = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map((match) => match[1] ?? match[2])
    expect(named.filter((name) => !known.includes(name as string))).toEqual([])
    expect(named.length).toBeGreaterThan(0)
  }
})

it('without roles the rights are policies to attach, and nobody has to be trusted', () => {
  const made = JSON.parse(template(anInput(), { ...events, sns: false, eventbridge: false }))
  expect(made.Resources).toMatchObject({
    ReadPolicy: { Type: 'AWS::IAM::ManagedPolicy' },
    WritePolicy: { Type: 'AWS::IAM::ManagedPolicy' },
  })
  expect(made.Parameters).toBeUndefined()
})

it('names a queue as its policy does', () => {
  expect(queueArnOf(QUEUE, { region: 'us-east-1', partition: 'aws' })).toBe(
    'arn:aws:sqs:eu-central-1:111122223333:matchdesk-prod-eu',
  )
  expect(queueArnOf('https://elsewhere.example/queue', { region: 'us-east-1', partition: 'aws' })).toBeNull()
  expect(namesOf(anInput({ region: 'cn-north-1' })).queueUrl).toContain('amazonaws.com.cn')
})
