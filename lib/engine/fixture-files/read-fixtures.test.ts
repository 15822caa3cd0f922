import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFixtures } from './read-fixtures.ts'

/** A folder of files by name; `{}` in the expected messages below stands for it. */
function folder(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'matchdesk-fixtures-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  return root
}

const BODY = '{"ruleLanguageVersion":"1.0","teams":[{"name":"players","minPlayers":2,"maxPlayers":2}]}'
const DUEL = `
# A file people write.
options:
  placement: { delayMs: 0 }
clock: { mode: paused, startAt: 2026-01-01T00:00:00Z }
configurations:
  - { Name: duel, RuleSetName: duel, RequestTimeoutSeconds: 60, AcceptanceRequired: false, FlexMatchMode: STANDALONE }
ruleSets:
  - Name: duel
    RuleSetBody:
      ruleLanguageVersion: "1.0"
      teams: [{ name: players, minPlayers: 2, maxPlayers: 2 }]
`

describe('a file of fixtures', () => {
  it('holds options, clock and resources, which are created in an order in which each can name the others', async () => {
    const file = path.join(folder({ 'duel.yaml': DUEL }), 'duel.yaml')
    const { options, clock, resources } = await readFixtures(file)
    expect(options).toEqual({ patch: { placement: { delayMs: 0 } }, place: { file, path: 'options' } })
    expect(clock).toEqual({ mode: 'paused', startAtMs: Date.UTC(2026, 0, 1) })
    expect(resources.map(({ operation, name, place }) => [operation, name, place.path])).toEqual([
      ['CreateMatchmakingRuleSet', 'duel', 'ruleSets[0]'],
      ['CreateMatchmakingConfiguration', 'duel', 'configurations[0]'],
    ])
    expect(JSON.parse(String(resources[0]?.input.RuleSetBody))).toEqual(JSON.parse(BODY))
  })

  it('may be JSON, and name the file of a rule set', async () => {
    const ruleSets = [{ Name: 'duel', RuleSetFile: 'bodies/duel.json' }]
    const root = folder({ 'all.json': JSON.stringify({ clock: 'paused', ruleSets }), 'bodies/duel.json': BODY })
    const { clock, resources } = await readFixtures(path.join(root, 'all.json'))
    expect([clock, resources[0]?.input]).toEqual([{ mode: 'paused' }, { Name: 'duel', RuleSetBody: BODY }])
  })

  it('may be empty', async () => {
    const root = folder({ 'none.yaml': '# nothing yet\n' })
    expect(await readFixtures(path.join(root, 'none.yaml'))).toEqual({ options: null, clock: {}, resources: [] })
  })

  const configuration = (more: string) =>
    `configurations: [{ Name: duel, RuleSetName: duel, RequestTimeoutSeconds: 60, AcceptanceRequired: false, ${more} }]`
  it.each([
    ['that does not exist', 'other.yaml', '', '{}/other.yaml: There is no such file.'],
    ['of another kind', 'a.toml', 'x', '{}/a.toml: must end in .json, .yaml, .yml, or be a folder.'],
    ['that is no YAML', 'a.yaml', 'a: [1\nb: 2', '{}/a.yaml: is not YAML: '],
    [
      'with a name given twice',
      'a.yaml',
      'clock: paused\nclock: running',
      'Map keys must be unique at line 2, column 1',
    ],
    ['that is no JSON', 'a.json', '{"a":}', '{}/a.json: is not JSON: '],
    ['that is a list', 'a.yaml', '- 1', '{}/a.yaml: must be an object.'],
    [
      'with an unknown part',
      'a.yaml',
      'rulesets: []',
      '{}/a.yaml: has no "rulesets"; it takes options, clock, queues, ',
    ],
    ['with a part of the wrong form', 'a.yaml', 'queues: { a: 1 }', '{}/a.yaml: queues: must be a list.'],
    [
      'with a wrong clock',
      'a.yaml',
      'clock: stopped',
      '{}/a.yaml: clock: mode must be running or paused, not "stopped".',
    ],
    [
      'with a time without zone',
      'a.yaml',
      'clock: { startAt: 2026-01-01 }',
      '{}/a.yaml: clock: startAt must be an ISO time',
    ],
    [
      'with an unknown member',
      'a.yaml',
      configuration('Acceptance: 3'),
      '{}/a.yaml: configurations[0]: has no "Acceptance"; it ',
    ],
    [
      'with a value that GameLift refuses',
      'a.yaml',
      configuration('AcceptanceTimeoutSeconds: 601'),
      "{}/a.yaml: configurations[0]: 1 validation error detected: Value '601' at 'acceptanceTimeoutSeconds' failed to",
    ],
    [
      'with two bodies',
      'a.yaml',
      'ruleSets: [{ Name: a, RuleSetFile: b, RuleSetBody: {} }]',
      'Give either RuleSetBody or Ru',
    ],
    [
      'with a body that is not there',
      'a.yaml',
      'ruleSets: [{ Name: a, RuleSetFile: b }]',
      '{}/b: There is no such file.',
    ],
    [
      'with one name for two',
      'a.yaml',
      'queues: [{ Name: a }, { Name: a }]',
      'queues[1]: a is there already, in {}/a.yaml: queues[0].',
    ],
  ])('is refused %s', async (_what, name, text, message) => {
    const root = folder({ [name === 'other.yaml' ? 'a.yaml' : name]: text })
    const failed = await readFixtures(path.join(root, name)).catch((error: Error) => error)
    expect(failed).toMatchObject({
      name: 'FixtureError',
      message: expect.stringContaining(message.replaceAll('{}', root)),
    })
  })
})

describe('a folder of fixtures', () => {
  it('holds a file for each resource, named after it, beside fixtures.yaml', async () => {
    const root = folder({
      'fixtures.yaml': 'options: { tickMs: 50 }',
      'configurations/duel.yaml':
        'RuleSetName: duel\nRequestTimeoutSeconds: 60\nAcceptanceRequired: false\nFlexMatchMode: STANDALONE\n',
      'configurations/other.json': JSON.stringify({
        ...{ Name: 'named', RuleSetName: 'duel', RequestTimeoutSeconds: 60, AcceptanceRequired: false },
        FlexMatchMode: 'STANDALONE',
      }),
      'queues/everywhere.yml': 'TimeoutInSeconds: 30',
      'rule-sets/duel.json': BODY,
      'rule-sets/README.md': 'About these.',
      'rule-sets/.duel.json.swp': 'x',
    })
    const { options, resources } = await readFixtures(root)
    expect(options?.patch).toEqual({ tickMs: 50 })
    expect(resources.map(({ name, place }) => [name, path.relative(root, place.file)])).toEqual([
      ['everywhere', 'queues/everywhere.yml'],
      ['duel', 'rule-sets/duel.json'],
      ['duel', 'configurations/duel.yaml'],
      ['named', 'configurations/other.json'],
    ])
  })

  it.each([
    [{ 'notes.txt': 'x' }, '{}/notes.txt: must end in .json, .yaml, .yml.'],
    [{ 'rule-sets/duel.yaml': 'x: 1' }, '{}/rule-sets/duel.yaml: must be a .json file, the body of a rule set.'],
    [
      { 'fixtures.yaml': '', 'fixtures.json': '{}' },
      '{}/fixtures.yaml: stands beside {}/fixtures.json; there can be one.',
    ],
    [{ 'README.md': '' }, '{}: holds neither fixtures.yaml nor files in queues/, rule-sets/, configurations/.'],
  ])('is refused with files that are not understood: %s', async (files, message) => {
    const root = folder(files as unknown as Record<string, string>)
    await expect(readFixtures(root)).rejects.toThrow(message.replaceAll('{}', root))
  })
})
