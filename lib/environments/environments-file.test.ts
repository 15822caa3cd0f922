import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { environmentsIn, readEnvironmentsFile } from './environments-file.ts'

const read = (text: string) => environmentsIn(text, 'desk.yaml')

it('the shortest environment is a region and a protection', () => {
  expect(read('environments:\n  live:\n    region: eu-central-1\n    protection: protected')).toEqual([
    {
      name: 'live',
      label: 'live',
      colour: 'grey',
      region: 'eu-central-1',
      accountId: null,
      protection: 'protected',
      kind: 'aws',
      endpoint: null,
      credentials: {},
      configurations: null,
      fleets: [],
      channels: { sns: { topicArns: [] }, sqs: [], eventbridge: false },
      retentionDays: 30,
      callsPerSecond: 5,
    },
  ])
})

it('the example in the documentation is a file that works', () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(readFileSync('docs/environments.md', 'utf8')) ?? []
  expect(read(example).map(({ name }) => name)).toEqual(['production', 'staging', 'local'])
})

it('no environment takes the address of something else', () => {
  const folders = (where: string) =>
    readdirSync(where, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !entry.name.startsWith('[') ? [entry.name] : [],
    )
  const hasMore = (name: string) => readdirSync(`app/api/${name}`, { withFileTypes: true }).some((e) => e.isDirectory())
  const taken = [...folders('app'), ...folders('app/api').filter(hasMore)]
  expect(taken).toContain('ingest')
  for (const name of taken) {
    const text = `environments: { ${name}: { region: eu-west-1, protection: open } }`
    expect(() => read(text), name).toThrow('is an address of Matchdesk itself')
  }
})

it('everything that can be said of an environment can be said in the file', () => {
  const [live] = read(`
environments:
  live:
    label: Live, Europe
    colour: red
    region: eu-central-1
    accountId: '111122223333'
    protection: guarded
    credentials:
      profile: desk
      readRoleArn: arn:aws:iam::111122223333:role/desk-read
      writeRoleArn: arn:aws:iam::111122223333:role/desk/write
      externalId: desk-1
    configurations: [ranked]
    fleets: [fleet-1]
    channels:
      sns: { topicArns: ['arn:aws:sns:eu-central-1:111122223333:flexmatch'] }
      sqs: [{ queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/flexmatch' }]
      eventbridge: true
    retentionDays: 7
    callsPerSecond: 0.5
`)
  expect(live).toMatchObject({ label: 'Live, Europe', accountId: '111122223333', configurations: ['ranked'] })
})

it('the built-in environment can be made to look and be judged differently, and nothing else', () => {
  expect(read('environments: { local: { protection: guarded } }')).toMatchObject([
    { name: 'local', label: 'Local engine', protection: 'guarded', kind: 'local' },
  ])
  expect(() => read('environments: { local: { protection: open, region: eu-west-1 } }')).toThrow(/environments\.local/)
})

it.each([
  ['a key that was pasted in', 'credentials: { accessKeyId: AKIA, secretAccessKey: x }', /credentials.*accessKeyId/],
  ['an account that YAML read as a number', 'accountId: 111122223333', /accountId/],
  ['a region of nowhere', 'region: eu', /region: it is not a region/],
  ['an address with a password in it', 'endpoint: http://me:secret@example.com', /endpoint: it is not an http/],
  ['an address that is none', 'endpoint: file:///etc/passwd', /endpoint/],
  ['an engine without an address', 'kind: local', /endpoint: an engine has an endpoint/],
  ['a role that is none', 'credentials: { readRoleArn: desk }', /readRoleArn: it is not the ARN of a role/],
  ['a setting that is misspelt', 'retention: 30', /retention/],
  ['a protection that is misspelt', 'protection: closed', /protection/],
])('%s stops the start, with the place', (_, line, message) => {
  const others = ['region: eu-west-1', 'protection: open'].filter((each) => !line.startsWith(each.split(':')[0] ?? ''))
  const text = `environments:\n  live:\n${[...others, line].map((each) => `    ${each}`).join('\n')}`
  expect(() => read(text)).toThrow(message)
  expect(() => read(text)).toThrow(/MATCHDESK_ENVIRONMENTS: desk\.yaml/)
})

it.each(['api', 'environments', 'sign-in', 'Live', '1st', '', 'a/b', '__proto__'])(
  'an environment cannot be called %j',
  (name) => {
    const text = `environments: { ${JSON.stringify(name)}: { region: eu-west-1, protection: open } }`
    expect(() => read(text)).toThrow('MATCHDESK_ENVIRONMENTS')
  },
)

it('a file that is no YAML, no list, or not there is said to be so', async () => {
  expect(() => read('environments: [')).toThrow(/is not YAML/)
  expect(() => read('live: {}')).toThrow(/is wrong/)
  expect(() => read('')).toThrow(/is wrong/)
  await expect(readEnvironmentsFile('/nowhere/desk.yaml')).rejects.toThrow(/cannot be read/)
})

it('an endpoint that leads into the network around us stops the start, and one that leads nowhere yet does not', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'environments-'))
  const file = path.join(folder, 'desk.yaml')
  const readWith = (endpoint: string) => {
    const local = 'local: { protection: guarded }'
    writeFileSync(
      file,
      `environments: { live: { region: eu-west-1, protection: open, endpoint: '${endpoint}' }, ${local} }`,
    )
    return readEnvironmentsFile(file)
  }
  try {
    for (const endpoint of [
      'https://169.254.169.254',
      'https://10.0.0.1',
      'http://gamelift.example',
      'https://localhost',
    ])
      await expect(readWith(endpoint)).rejects.toThrow(/environments\.live\.endpoint: .* cannot be used/)
    expect(await readWith('https://gamelift.invalid')).toHaveLength(2)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
