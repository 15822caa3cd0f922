import { describe, expect, it } from 'vitest'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, CONFIGURATION, CONFIGURATION_ARN, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { type Delivery, receive } from './receive.ts'

const database = testDatabase()
let made = 0
const environment = (given: Partial<Environment> = {}) => anEnvironment({ name: `receive-${++made}`, ...given })
const searching = (ticketId: string) =>
  envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket(ticketId, ['ana'])] }))
const brought = (envelope: unknown): Delivery => ({
  channel: 'webhook',
  messageId: null,
  receivedAt: Date.now(),
  envelope,
})
const isThere = async ({ name }: Environment, ticketId: string) =>
  (await database.db.query('select 1 from tickets where environment = $1 and ticket_id = $2', [name, ticketId]))
    .rowCount === 1

describe('what is delivered', () => {
  it('is answered one by one, and a bad one does not hold up the others', async () => {
    const own = environment()
    const [one, two] = [searching('t-1'), searching('t-2')]
    const taken = await receive(database.db, own, [one, { hello: 'world' }, two, one].map(brought))
    expect(taken).toEqual([
      { is: 'added' },
      { is: 'refused', reason: expect.stringContaining('source') },
      { is: 'added' },
      { is: 'known' },
    ])
    expect(await receive(database.db, own, [brought(two)])).toEqual([{ is: 'known' }])
    expect([await isThere(own, 't-1'), await isThere(own, 't-2')]).toEqual([true, true])
  })

  it('of a configuration that is not followed leaves no ticket', async () => {
    const own = environment({ configurations: [CONFIGURATION] })
    const other = CONFIGURATION_ARN.replace(CONFIGURATION, 'casual')
    const taken = await receive(
      database.db,
      own,
      [{ ...searching('t-other'), resources: [other] }, searching('t-ours')].map(brought),
    )
    expect(taken).toEqual([{ is: 'ignored' }, { is: 'added' }])
    expect([await isThere(own, 't-other'), await isThere(own, 't-ours')]).toEqual([false, true])
  })

  it('to one environment is not known in another', async () => {
    const [one, other] = [environment(), environment()]
    await receive(database.db, one, [brought(searching('t-1'))])
    expect(await isThere(other, 't-1')).toBe(false)
  })

  it('must come again when it could not be stored, and is taken then', async () => {
    const own = environment()
    const away = openPool('postgresql://nobody@127.0.0.1:1/nothing', { name: 'tests', max: 1 })
    const given = [brought(searching('t-1'))]
    await expect(receive(away, own, given)).rejects.toMatchObject({ name: 'Unavailable' })
    await away.end()
    expect(await receive(database.db, own, given)).toEqual([{ is: 'added' }])
  })

  it('must come again when it could not be stored in time, and is known then', async () => {
    const own = environment()
    const holder = await database.db.connect()
    await holder.query('begin')
    await holder.query(`select pg_advisory_xact_lock(hashtextextended('matchdesk ingest ' || $1, 0))`, [own.name])
    const given = [brought(searching('t-1'))]
    await expect(receive(database.db, own, given, { ms: 50 })).rejects.toMatchObject({ name: 'Unavailable' })
    await holder.query('rollback')
    holder.release()
    expect(await receive(database.db, own, given)).toEqual([{ is: 'known' }])
  })

  it('is nothing, and that is well', async () => {
    expect(await receive(database.db, environment(), [])).toEqual([])
  })
})
