import { afterEach, expect, it, vi } from 'vitest'
import { createEngine } from './core/engine.ts'
import { DEFAULT_OPTIONS } from './core/options.ts'
import { createMemoryStore } from './journal/memory-store.ts'
import { OutboxWriter } from './journal/outbox.ts'
import { type EntryGroup, NotStored } from './journal/store.ts'
import { Shell } from './shell.ts'

const RULE_SET = JSON.stringify({
  ruleLanguageVersion: '1.0',
  teams: [{ name: 'players', minPlayers: 2, maxPlayers: 2 }],
})
const shells: Shell[] = []
afterEach(async () => {
  for (const shell of shells.splice(0)) await shell.stop()
})

/** A shell over a store whose commits the test decides on. */
async function startShell(
  append: (group: EntryGroup) => Promise<void>,
  create = (snapshot?: string) => createEngine(DEFAULT_OPTIONS, snapshot),
): Promise<Shell> {
  const store = createMemoryStore()
  const shell = new Shell({
    store: {
      ...store,
      async hold(how) {
        const held = await store.hold(how)
        return { ...held, append: async (group) => append(group).then(() => held.append(group)) }
      },
    },
    outbox: new OutboxWriter(store.outbox, () => {}),
    createEngine: create,
    onSuperseded: () => {},
  })
  shells.push(shell)
  await shell.hold()
  await shell.start()
  return shell
}
const create = (shell: Shell, Name: string) =>
  shell.execute('CreateMatchmakingRuleSet', { Name, RuleSetBody: RULE_SET })
const names = async (shell: Shell) =>
  ((await shell.execute('DescribeMatchmakingRuleSets', {})).RuleSets as { RuleSetName: string }[]).map(
    ({ RuleSetName }) => RuleSetName,
  )

it('answers nobody and shows nothing before the commit, and gathers the next one meanwhile', async () => {
  const commits: { group: EntryGroup; done: () => void }[] = []
  const shell = await startShell((group) => new Promise((done) => commits.push({ group, done })))
  const answered: string[] = []
  const ask = (name: string) => create(shell, name).then(() => answered.push(name))
  const first = ['a', 'b'].map(ask)
  await vi.waitFor(() => expect(commits).toHaveLength(1))
  const second = ['c', 'd', 'e'].map(ask)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([answered, await names(shell), commits.length]).toEqual([[], [], 1])
  commits[0]?.done()
  await Promise.all(first)
  expect(await names(shell)).toEqual(['a', 'b'])
  await vi.waitFor(() => expect(commits).toHaveLength(2))
  expect(answered).toEqual(['a', 'b'])
  commits[1]?.done()
  await Promise.all(second)
  expect(commits.map(({ group }) => [group.position, group.commands.length])).toEqual([
    [1, 2],
    [3, 3],
  ])
})

it('answers the calls of a commit before the Tick in it takes its time', async () => {
  const operations: string[] = []
  const answered: string[] = []
  let answeredBeforeTick: string[] = []
  const shell = await startShell(
    async ({ commands }) => void operations.push(...commands.map((text) => JSON.parse(text).operation)),
    (snapshot) => {
      const engine = createEngine(DEFAULT_OPTIONS, snapshot)
      return {
        ...engine,
        options: engine.options,
        apply(entry) {
          if (entry.command.operation === 'Tick') answeredBeforeTick = [...answered]
          return engine.apply(entry)
        },
      }
    },
  )
  const ask = (name: string) => create(shell, name).then(() => answered.push(name))
  await Promise.all([ask('a'), shell.tick(), ask('b')])
  expect(operations).toEqual(['CreateMatchmakingRuleSet', 'CreateMatchmakingRuleSet', 'Tick'])
  expect(answeredBeforeTick).toEqual(['a', 'b'])
  expect(shell.position).toBe(3)
})

it('commits at most 250 commands at once', async () => {
  const sizes: number[] = []
  const shell = await startShell(async ({ commands }) => void sizes.push(commands.length))
  await Promise.all(Array.from({ length: 600 }, (_, index) => create(shell, `r-${index}`).catch(() => {})))
  expect(sizes).toEqual([250, 250, 100])
})

it('refuses what was not stored, and gives its positions to what comes next', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const positions: number[] = []
  let full = true
  const shell = await startShell(async ({ position }) => {
    positions.push(position)
    if (full) throw new NotStored('the disk is full')
  })
  await expect(create(shell, 'a')).rejects.toMatchObject({ type: 'InternalServiceException', status: 500 })
  full = false
  await create(shell, 'b')
  expect([positions, await names(shell)]).toEqual([[1, 1], ['b']])
  log.mockRestore()
})
