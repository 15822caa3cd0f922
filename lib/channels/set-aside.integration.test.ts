import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { drop, listSetAside, redrive, redriveWaiting, type SetAside, setAside, settleSetAside } from './set-aside.ts'

const database = testDatabase()
const AT = Date.UTC(2026, 10, 20, 12)

let made = 0
const aMessage = (given: Partial<SetAside> = {}): SetAside => ({
  channel: 'sqs',
  messageId: `m-${++made}`,
  reason: 'not ours',
  body: '{}',
  receiveCount: 1,
  at: AT,
  ...given,
})
const environmentOf = (name: string) =>
  anEnvironment({ name, kind: 'aws', accountId: '111122223333', region: 'eu-central-1' })
const searching = (ticketId: string) =>
  envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket(ticketId, ['ana'])] }))
const rowsOf = async (name: string, state?: 'waiting' | 'taken' | 'dropped') =>
  (await listSetAside(database.db, name, state)).rows
const ticketsOf = async (name: string) =>
  (await database.db.query('select ticket_id from tickets where environment = $1', [name])).rows.map((r) => r.ticket_id)

it('keeps a message once, with its last reason, however often it comes', async () => {
  const message = aMessage()
  await setAside(database.db, 'often', [message, message])
  await setAside(database.db, 'often', [{ ...message, reason: 'still not ours', receiveCount: 3, at: AT + 5_000 }])
  expect(await rowsOf('often')).toMatchObject([
    {
      reason: 'still not ours',
      receiveCount: 3,
      firstAt: '2026-11-20T12:00:00.000Z',
      lastAt: '2026-11-20T12:00:05.000Z',
      state: 'waiting',
    },
  ])
})

it('keeps bodies no text column would take, and shows what in them nobody would see', async () => {
  await setAside(database.db, 'odd', [aMessage({ body: '{"id":"a\u0000b\u202ec"}', reason: 'NUL \u0000 in it' })])
  const [row] = await rowsOf('odd')
  expect(row?.body).toBe('{"id":"a\\u0000b\\u202ec"}')
  expect(row?.reason).toBe('NUL \\ufffd in it')
})

it('shows the beginning of a very long body, and how much more there is', async () => {
  await setAside(database.db, 'long', [aMessage({ body: 'x'.repeat(20_000) })])
  const [row] = await rowsOf('long')
  expect(row?.body).toMatch(/^x{16000}\n… and 4000 bytes more$/)
})

it('lists page by page what waits, newest first', async () => {
  await setAside(
    database.db,
    'many',
    Array.from({ length: 120 }, (_, n) => aMessage({ messageId: `p-${n}` })),
  )
  const seen: (string | null)[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listSetAside>> = await listSetAside(database.db, 'many', 'waiting', cursor)
    seen.push(...page.rows.map(({ messageId }) => messageId))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `p-${119 - n}`))
  await expect(
    listSetAside(database.db, 'many', 'waiting', Buffer.from('[null,"x"]').toString('base64url')),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

it('gives a body to the index again once what was wrong is put right, and as often as asked', async () => {
  const wrong = { ...environmentOf('redriven'), accountId: '999999999999' }
  const right = environmentOf('redriven')
  await setAside(database.db, 'redriven', [aMessage({ body: JSON.stringify(searching('t-redriven')) })])
  const [row] = await rowsOf('redriven')
  const id = row?.id ?? ''

  expect(await redrive(database.db, wrong, [id])).toEqual({
    taken: 0,
    refused: [{ reason: expect.stringMatching(/^the event is of account/), count: 1 }],
    more: false,
  })
  expect(await rowsOf('redriven')).toMatchObject([{ id, reason: expect.stringMatching(/^the event is of account/) }])
  expect(await ticketsOf('redriven')).toEqual([])

  const taken = { taken: 1, refused: [], more: false }
  expect(await redrive(database.db, right, [id])).toEqual(taken)
  expect(await redrive(database.db, right, [id])).toEqual(taken)
  expect(await rowsOf('redriven')).toEqual([])
  expect(await rowsOf('redriven', 'taken')).toMatchObject([{ id }])
  expect(await ticketsOf('redriven')).toEqual(['t-redriven'])
  const { rows } = await database.db.query(`select count(*) as n from facts where environment = 'redriven'`)
  expect(rows[0]).toEqual({ n: 1 })
})

it('takes the good ones of a redrive and says why the others are refused', async () => {
  const environment = environmentOf('mixed')
  await setAside(database.db, 'mixed', [
    aMessage({ body: JSON.stringify(searching('t-mixed')) }),
    aMessage({ body: '{ not json' }),
    aMessage({ body: '{ not json' }),
    aMessage({ body: JSON.stringify({ ...searching('t-other'), 'detail-type': 'Something Else' }) }),
  ])
  expect(await redriveWaiting(database.db, environment)).toEqual({
    taken: 1,
    refused: [
      { reason: expect.stringMatching(/^the body is not JSON/), count: 2 },
      { reason: expect.stringMatching(/^detail-type is "Something Else"/), count: 1 },
    ],
    more: false,
  })
  expect(await ticketsOf('mixed')).toEqual(['t-mixed'])
  expect(await rowsOf('mixed')).toHaveLength(3)
})

it('redrives nothing of another environment', async () => {
  await setAside(database.db, 'theirs', [aMessage({ body: JSON.stringify(searching('t-theirs')) })])
  const ids = (await rowsOf('theirs')).map(({ id }) => id)
  expect(await redrive(database.db, environmentOf('mine'), ids)).toMatchObject({ taken: 0, refused: [] })
  expect(await drop(database.db, 'mine', ids)).toBe(0)
  expect(await rowsOf('theirs')).toHaveLength(1)
})

it('puts away what nobody can use, and shows it again when it comes again', async () => {
  const message = aMessage()
  await setAside(database.db, 'dropped', [message])
  const ids = (await rowsOf('dropped')).map(({ id }) => id)
  expect(await drop(database.db, 'dropped', ids)).toBe(1)
  expect(await rowsOf('dropped')).toEqual([])
  expect(await rowsOf('dropped', 'dropped')).toHaveLength(1)
  await setAside(database.db, 'dropped', [message])
  expect(await rowsOf('dropped')).toHaveLength(1)
})

it('lets go of a message that was taken when it came again', async () => {
  const [first, second] = [aMessage(), aMessage()]
  await setAside(database.db, 'settled', [first, second])
  await settleSetAside(database.db, 'settled', 'sqs', [first.messageId, 'unknown'])
  expect(await rowsOf('settled')).toMatchObject([{ messageId: second.messageId }])
})
