import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { createLiveHub } from '#lib/live/hub.ts'
import { DEFAULT_ENVIRONMENT } from './environment.ts'
import type { EnvironmentInput } from './environment-input.ts'
import { inputOf } from './environment-input.ts'
import { createEnvironments } from './registry.ts'
import { readStored, removeEnvironment, saveEnvironment, saveFromFile } from './stored.ts'
import { anEnvironment } from './testing/an-environment.ts'

const database = testDatabase()
const ADMIN = { name: 'Ana' }
const anInput = (given: Partial<EnvironmentInput> = {}): EnvironmentInput =>
  inputOf(
    anEnvironment({ name: 'live', kind: 'aws', region: 'eu-central-1', endpoint: null, accountId: null, ...given }),
  )
const stored = () => readStored(database.db)
const BY_FILE_ONLY = { code: 'INVALID_INPUT', message: expect.stringContaining('file of environments') }

beforeEach(() => database.db.query('truncate environments, channel_secrets'))
afterEach(() => vi.unstubAllEnvs())

describe('a stored environment', () => {
  it('is what was saved, and each edit is a revision of its own', async () => {
    const given = anInput({
      credentials: { readRoleArn: 'arn:aws:iam::111122223333:role/r' },
      configurations: ['ranked'],
      channels: { sns: { topicArns: [] }, sqs: [{ queueUrl: 'https://q' }], eventbridge: true },
      callsPerSecond: 0.5,
    })
    const saved = await saveEnvironment(database.db, given, ADMIN, null)
    expect(saved).toEqual({ ...given, managedBy: 'screen', revision: 1 })
    expect(await saveEnvironment(database.db, { ...given, label: 'Live' }, ADMIN, 1)).toMatchObject({ revision: 2 })
    expect(await stored()).toEqual([{ ...given, label: 'Live', managedBy: 'screen', revision: 2 }])
  })

  it('is not overwritten by whoever looked at it before somebody else edited it', async () => {
    await saveEnvironment(database.db, anInput(), ADMIN, null)
    await expect(saveEnvironment(database.db, anInput(), ADMIN, null)).rejects.toThrow(/already/)
    await saveEnvironment(database.db, anInput({ protection: 'protected' }), ADMIN, 1)
    await expect(saveEnvironment(database.db, anInput(), ADMIN, 1)).rejects.toThrow(/meanwhile/)
    expect(await stored()).toMatchObject([{ protection: 'protected', revision: 2 }])
  })

  it('does not lead where requests must not be sent, and is as it was after such an edit', async () => {
    await saveEnvironment(database.db, anInput(), ADMIN)
    for (const given of [
      anInput({ endpoint: 'https://169.254.169.254' }),
      anInput({ endpoint: 'https://[::ffff:10.0.0.1]' }),
      anInput({ endpoint: 'https://localhost' }),
      anInput({ kind: 'local', endpoint: 'http://169.254.170.2' }),
      anInput({ kind: 'local', endpoint: 'http://127.0.0.1:1' }),
    ]) {
      await expect(saveEnvironment(database.db, given, ADMIN)).rejects.toMatchObject({ code: 'REFUSED' })
    }
    expect(await stored()).toMatchObject([{ endpoint: null, revision: 1 }])
    vi.stubEnv('MATCHDESK_LOCAL_ENDPOINTS', '127.0.0.1:1')
    expect(
      await saveEnvironment(database.db, anInput({ kind: 'local', endpoint: 'http://127.0.0.1:1' }), ADMIN),
    ).toMatchObject({ kind: 'local' })
  })

  it('of which tickets are known does not become another GameLift', async () => {
    await saveEnvironment(database.db, anInput(), ADMIN)
    const moved = anInput({ region: 'us-east-1' })
    expect(await saveEnvironment(database.db, moved, ADMIN)).toMatchObject({ region: 'us-east-1' })
    await database.db.query(
      `insert into facts (environment, id, day, source, type, at, received_at, configuration, body)
       values ('live', 'f', '2026-01-01', 'gone', 'TicketGone', '2026-01-01', now(), '', '{}')`,
    )
    await expect(saveEnvironment(database.db, anInput(), ADMIN)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await saveEnvironment(database.db, { ...moved, accountId: '111122223333' }, ADMIN)).toBeTruthy()
    await database.db.query("delete from facts where environment = 'live'")
  })

  it('is gone when it is removed, with the secrets of its senders and what was noted of its GameLift, and cannot be removed twice', async () => {
    await saveEnvironment(database.db, anInput(), ADMIN)
    await database.db.query(
      "insert into channel_secrets (environment, channel, secret_hash) values ('live', 'sns', sha256('x'))",
    )
    await database.db.query("insert into request_timeouts values ('live', 'ranked', 60), ('other', 'ranked', 60)")
    await database.db.query("insert into fleet_reads (environment, fleet) values ('live', 'a'), ('other', 'a')")
    await removeEnvironment(database.db, 'live', ADMIN)
    expect(await stored()).toEqual([])
    expect((await database.db.query('select 1 from channel_secrets')).rowCount).toBe(0)
    const { rows } = await database.db.query(
      'select environment from request_timeouts union all select environment from fleet_reads',
    )
    expect(rows).toEqual([{ environment: 'other' }, { environment: 'other' }])
    await expect(removeEnvironment(database.db, 'live', ADMIN)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await saveEnvironment(database.db, anInput(), ADMIN, null)).toMatchObject({ revision: 3 })
  })
})

describe('the file of environments', () => {
  it('adds, changes and removes what it manages, and only that', async () => {
    await saveEnvironment(database.db, anInput({ name: 'by-hand' }), ADMIN)
    await saveFromFile(database.db, [anInput({ name: 'one' }), anInput({ name: 'two' })])
    await saveFromFile(database.db, [anInput({ name: 'two', label: 'Two' })])
    expect(await stored()).toMatchObject([
      { name: 'by-hand', managedBy: 'screen' },
      { name: 'two', label: 'Two', managedBy: 'file', revision: 2 },
    ])
  })

  it('that says what it said before leaves every connection open', async () => {
    const given = [anInput({ configurations: ['ranked'], credentials: { profile: 'desk' } })]
    await Promise.all([1, 2, 3].map(() => saveFromFile(database.db, given)))
    expect(await stored()).toMatchObject([{ revision: 1 }])
  })

  it('is the only place where its environments are edited', async () => {
    await saveFromFile(database.db, [anInput()])
    await expect(saveEnvironment(database.db, anInput(), ADMIN)).rejects.toMatchObject(BY_FILE_ONLY)
    await expect(removeEnvironment(database.db, 'live', ADMIN)).rejects.toMatchObject(BY_FILE_ONLY)
  })
})

describe('the list of environments', () => {
  const builtIn = anEnvironment()

  it('has the built-in one first, as somebody made it look, and still our own engine', async () => {
    await saveEnvironment(database.db, anInput({ name: 'a' }), ADMIN)
    const guarded = { ...inputOf(builtIn), protection: 'guarded', endpoint: 'http://elsewhere' } as const
    await saveEnvironment(database.db, guarded, ADMIN)
    const [local, a] = await createEnvironments(builtIn, stored).list()
    expect([local, a]).toMatchObject([
      { name: DEFAULT_ENVIRONMENT, protection: 'guarded', endpoint: builtIn.endpoint },
      { name: 'a' },
    ])
    await removeEnvironment(database.db, DEFAULT_ENVIRONMENT, ADMIN)
    expect(await createEnvironments(builtIn, stored).find(DEFAULT_ENVIRONMENT)).toEqual(builtIn)
  })

  it('is read once in two seconds, and again as soon as another process has changed it', async () => {
    let reads = 0
    let time = 0
    const environments = createEnvironments(
      builtIn,
      () => stored().finally(() => reads++),
      () => time,
    )
    await Promise.all([environments.list(), environments.find('live')])
    expect(reads).toBe(1)
    time = 2_000
    expect(await environments.find('live')).toBeNull()
    expect(reads).toBe(2)

    const hub = createLiveHub(database.url, () => {})
    await hub.start()
    hub.watchEnvironments(environments.changed)
    const told: boolean[] = []
    hub.subscribe('whichever', (change) => told.push(change.environments))
    await saveEnvironment(database.db, anInput(), ADMIN)
    await expect.poll(() => environments.find('live')).toMatchObject({ name: 'live' })
    await expect.poll(() => told).toEqual([true])
    await hub.stop()
  })

  it('cannot be asked while it cannot be read, and can be again afterwards', async () => {
    let broken = true
    const environments = createEnvironments(builtIn, async () => {
      if (broken) throw new Error('away')
      return []
    })
    await expect(environments.find(DEFAULT_ENVIRONMENT)).rejects.toThrow('away')
    broken = false
    expect(await environments.find(DEFAULT_ENVIRONMENT)).toEqual(builtIn)
  })
})
