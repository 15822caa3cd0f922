import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { CancelTicketInput, SignOutInput } from '#lib/tickets/inputs.ts'
import { answerRoute } from './answer-route.ts'
import { carryOut } from './carry-out.ts'
import type { Role } from './roles.ts'
import { MoveSwitchInput } from './switch-inputs.ts'
import { createSwitches, moveSwitch, type SwitchName } from './switches.ts'
import { ownPage, personWithRole, testAccess } from './testing/access.ts'

const database = testDatabase()
afterEach(() => database.db.query('delete from switches'))

async function setting(role: Role = 'operator') {
  const access = testAccess(database.db)
  const { cookie } = await personWithRole(database.db, role, access.now())
  const done: string[] = []
  const cancel = (changes: object = {}) =>
    carryOut(
      access,
      ownPage(cookie),
      CancelTicketInput,
      'ticket.cancel',
      { environment: 'local', requestId: randomUUID(), ticketId: 't-1', reason: 'stuck', ...changes },
      async ({ ticketId }) => done.push(ticketId),
    )
  return { access, cookie, cancel, done }
}
const by = (reason: string | null = null) => ({ by: 'Ana', reason, now: new Date() })
const turn = (name: SwitchName, on: boolean, reason: string | null = null) =>
  moveSwitch(database.db, name, on, by(reason))
const message = (result: Awaited<ReturnType<Awaited<ReturnType<typeof setting>>['cancel']>>) =>
  result.success ? null : result.error.message

describe('while everything is read-only', () => {
  it('nobody changes anything, and each try is in the trail', async () => {
    await turn('read-only', true, 'upgrade of the engine')
    for (const role of ['qa', 'operator', 'admin'] as const) {
      const { cancel, done } = await setting(role)
      const requestId = randomUUID()
      expect(message(await cancel({ requestId }))).toBe(
        'Matchdesk is read-only: Ana has switched it so (upgrade of the engine). Can end it: admin.',
      )
      expect(done).toEqual([])
      const { rows } = await database.db.query('select outcome from audit where request_id = $1', [requestId])
      expect(rows).toEqual([{ outcome: 'denied' }])
    }
  })

  it('looking, signing out and the switch itself go on', async () => {
    await turn('read-only', true)
    const { access, cookie } = await setting('admin')
    const request = new Request('http://127.0.0.1:3000/api/x?environment=local', {
      headers: { host: '127.0.0.1:3000', cookie },
    })
    expect((await answerRoute(access, request, {}, 'ticket.view', async () => 'seen')).status).toBe(200)
    const leave = { requestId: randomUUID() }
    const work = async () => null
    expect(await carryOut(access, ownPage(cookie), SignOutInput, 'own.sign-out', leave, work)).toMatchObject({
      success: true,
    })
    const off = { requestId: randomUUID(), name: 'read-only', reason: 'done', confirmation: 'read-only' }
    const options = { confirmWith: ({ name }: MoveSwitchInput) => name }
    expect(await carryOut(access, ownPage(cookie), MoveSwitchInput, 'switch.off', off, work, options)).toMatchObject({
      success: true,
    })
  })

  it('also what was begun before stops at its next call', async () => {
    const { access, cookie } = await setting('operator')
    const called: string[] = []
    const requestId = randomUUID()
    const input = { environment: 'local', requestId, ticketId: 't-1', reason: 'stuck' }
    const result = await carryOut(
      access,
      ownPage(cookie),
      CancelTicketInput,
      'ticket.cancel',
      input,
      async (_, call) => {
        await call.step('t-1', {}, async () => called.push('t-1'))
        await turn('read-only', true)
        access.switches.changed()
        await call.step('t-2', {}, async () => called.push('t-2'))
      },
    )
    expect(result).toMatchObject({ error: { code: 'FORBIDDEN' } })
    expect(called).toEqual(['t-1'])
    const { rows } = await database.db.query('select outcome from audit where request_id = $1 order by step', [
      requestId,
    ])
    expect(rows).toEqual([{ outcome: 'denied' }, { outcome: 'done' }, { outcome: 'denied' }])
  })

  it('that was set at start no row can end', async () => {
    const { access, cancel, done } = await setting('admin')
    access.switches = createSwitches(database.db, { readOnly: true })
    expect(message(await cancel())).toBe('Matchdesk is read-only: it was started with MATCHDESK_READ_ONLY=1.')
    expect(done).toEqual([])
  })
})

describe('one action that is stopped', () => {
  it('is stopped for everybody, and no other', async () => {
    await turn('backfill.off', true)
    const { cancel, done, access } = await setting('admin')
    expect(await cancel()).toMatchObject({ success: true })
    await turn('ticket.cancel', true)
    access.switches.changed()
    expect(message(await cancel())).toBe('Nobody can cancel tickets now: Ana has switched it so. Can end it: admin.')
    await turn('ticket.cancel', false)
    access.switches.changed()
    expect(await cancel()).toMatchObject({ success: true })
    expect(done).toHaveLength(2)
  })

  it('can be one that hands out data', async () => {
    await turn('player.search', true)
    const { access, cookie } = await setting('admin')
    const request = new Request('http://127.0.0.1:3000/api/x', { headers: { host: '127.0.0.1:3000', cookie } })
    expect((await answerRoute(access, request, {}, 'player.search', async () => 'told')).status).toBe(403)
  })
})

describe('a switch', () => {
  it('is turned on by operators and administrators, and off by administrators with a reason and its name', async () => {
    const move = async (role: Role, action: 'switch.on' | 'switch.off', given: object = {}) => {
      const { access, cookie } = await setting(role)
      const input = { requestId: randomUUID(), name: 'ticket.cancel', ...given }
      const options = { confirmWith: ({ name }: MoveSwitchInput) => name }
      const result = await carryOut(access, ownPage(cookie), MoveSwitchInput, action, input, async () => null, options)
      return result.success ? 'done' : result.error.code
    }
    for (const role of ['viewer', 'support', 'qa'] as const) expect(await move(role, 'switch.on')).toBe('FORBIDDEN')
    for (const role of ['operator', 'admin'] as const) expect(await move(role, 'switch.on')).toBe('done')
    const grounds = { reason: 'over', confirmation: 'ticket.cancel' }
    for (const role of ['viewer', 'support', 'qa', 'operator'] as const) {
      expect(await move(role, 'switch.off', grounds)).toBe('FORBIDDEN')
    }
    expect(await move('admin', 'switch.off')).toBe('INVALID_INPUT')
    expect(await move('admin', 'switch.off', { ...grounds, confirmation: 'local' })).toBe('INVALID_INPUT')
    expect(await move('admin', 'switch.off', grounds)).toBe('done')
    for (const name of ['ticket.view', 'switch.off', 'own.sign-out', 'no.such', '*']) {
      expect(await move('admin', 'switch.on', { name })).toBe('INVALID_INPUT')
    }
  })

  it('is heard of by every replica within two seconds, without any hint', async () => {
    let now = 0
    const other = createSwitches(database.db, { now: () => now })
    expect(await other.on()).toEqual([])
    await turn('read-only', true)
    now = 1_999
    expect(await other.on()).toEqual([])
    now = 2_001
    expect(await other.on()).toMatchObject([{ name: 'read-only', by: 'Ana', fixed: false }])
  })

  it('stands as it stands: turning it again is refused', async () => {
    await turn('read-only', true, 'first')
    await expect(turn('read-only', true, 'second')).rejects.toMatchObject({ code: 'REFUSED' })
    expect(await createSwitches(database.db).on()).toMatchObject([{ reason: 'first' }])
    await turn('read-only', false)
    await expect(turn('read-only', false)).rejects.toMatchObject({ code: 'REFUSED' })
  })

  it('that cannot be read lets nobody write', async () => {
    const { access, cancel, done } = await setting('admin')
    const gone = openPool(database.url, { name: 'gone' })
    await gone.end()
    access.switches = createSwitches(gone)
    expect(await cancel()).toMatchObject({ success: false })
    expect(done).toEqual([])
  })
})
