import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { CancelTicketInput, SetDemoTrafficInput } from '#lib/tickets/inputs.ts'
import { closeAbandoned } from './audit.ts'
import { type ActionCall, carryOut } from './carry-out.ts'
import type { Role } from './roles.ts'
import { environments, ownPage, personWithRole, testAccess } from './testing/access.ts'

const database = testDatabase()

/** A matchmaker that counts what was done to it. */
function effects(fate: (call: ActionCall) => Promise<unknown> = async () => ({ ok: true })) {
  const done: string[] = []
  return {
    done,
    work: async ({ ticketId }: { ticketId: string }, call: ActionCall) => {
      done.push(ticketId)
      return fate(call)
    },
  }
}
const click = (changes: object = {}) => ({
  environment: 'local',
  requestId: randomUUID(),
  ticketId: 't-1',
  reason: 'stuck',
  ...changes,
})

async function setting(role: Role = 'operator') {
  const access = testAccess(database.db)
  const person = await personWithRole(database.db, role, access.now())
  const cancel = (input: unknown, work: ReturnType<typeof effects>['work'], headers = ownPage(person.cookie)) =>
    carryOut(access, headers, CancelTicketInput, 'ticket.cancel', input, work)
  return { access, cancel, ...person }
}
async function auditOf(requestId: string) {
  const { rows } = await database.db.query('select * from audit where request_id = $1 order by step', [requestId])
  return rows
}

describe('an action', () => {
  it('is carried out, and the trail says who did what, where and what came of it', async () => {
    const { cancel, personId } = await setting()
    const { done, work } = effects()
    const input = click()
    expect(await cancel(input, work)).toEqual({ success: true, data: { ok: true } })
    expect(done).toEqual(['t-1'])
    expect(await auditOf(input.requestId)).toMatchObject([
      {
        person_id: personId,
        role: 'operator',
        environment: 'local',
        protection: 'open',
        action: 'ticket.cancel',
        target: 't-1',
        input: { ticketId: 't-1', reason: 'stuck' },
        step: 0,
        outcome: 'done',
        outcome_data: { ok: true },
      },
    ])
  })

  it('shows what must not be kept once: neither the trail nor a repeat of the click has it', async () => {
    const { cancel } = await setting()
    const input = click()
    const { work } = effects(async (call) => {
      call.showOnce({ secret: 'only-for-you' })
      return { until: 'tomorrow' }
    })
    expect(await cancel(input, work)).toEqual({ success: true, data: { until: 'tomorrow', secret: 'only-for-you' } })
    expect(await cancel(input, work)).toEqual({ success: true, data: { until: 'tomorrow' } })
    expect(JSON.stringify(await auditOf(input.requestId))).not.toContain('only-for-you')
  })

  it('has its intent committed before its effect', async () => {
    const { cancel } = await setting()
    const input = click()
    let seen: unknown[] = []
    await cancel(input, async () => {
      seen = await auditOf(input.requestId) // another connection: only what is committed is visible
    })
    expect(seen).toMatchObject([{ step: 0, outcome: null, finished_at: null }])
  })

  it('has no effect when its intent cannot be recorded', async () => {
    const { access, personId, cookie } = await setting()
    const { done, work } = effects()
    const broken = new Proxy(access.db, {
      get: (db, name) =>
        name === 'query'
          ? (text: string, values: unknown[]) =>
              /insert into audit/.test(text) ? Promise.reject(new Error('disk full')) : db.query(text, values)
          : Reflect.get(db, name),
    })
    const result = await carryOut(
      { ...access, db: broken },
      ownPage(cookie),
      CancelTicketInput,
      'ticket.cancel',
      click(),
      work,
    )
    expect(result).toMatchObject({ success: false, error: { code: 'INTERNAL' } })
    expect(JSON.stringify(result)).not.toContain('disk full')
    expect(done).toEqual([])
    expect(personId).toBeTruthy()
  })

  it('sent again, even many times at once, has one effect, and the repeat gets the first outcome', async () => {
    const { cancel } = await setting()
    const repeatsAnswered = Promise.withResolvers<void>()
    const { done, work } = effects(async () => {
      await repeatsAnswered.promise // the first click is still at it while all others come
      return { answer: 42 }
    })
    const input = click()
    let answered = 0
    const results = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const result = await cancel(input, work)
        if (++answered === 9) repeatsAnswered.resolve()
        return result
      }),
    )
    expect(done).toHaveLength(1)
    expect(results.filter((result) => result.success)).toHaveLength(1)
    expect(results.filter((result) => !result.success && result.error.code === 'IN_PROGRESS')).toHaveLength(9)
    expect(await cancel(input, work)).toEqual({ success: true, data: { answer: 42 } })
    expect(done).toHaveLength(1)
  })

  it('that was refused is refused again in the same words', async () => {
    const { cancel } = await setting()
    const { done, work } = effects(() => Promise.reject(new AppError('TOO_LATE', 'Too late to cancel: t-1 …')))
    const input = click()
    const first = await cancel(input, work)
    expect(first).toEqual({
      success: false,
      error: { code: 'TOO_LATE', message: 'Too late to cancel: t-1 …', requestId: input.requestId },
    })
    expect(await cancel(input, work)).toMatchObject({
      error: { code: 'TOO_LATE', message: 'Too late to cancel: t-1 …' },
    })
    expect(done).toHaveLength(1)
    expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'refused', outcome_code: 'TOO_LATE' }])
  })

  it('cannot borrow the request id of another', async () => {
    const { cancel } = await setting()
    const { done, work } = effects()
    const input = click()
    await cancel(input, work)
    expect(await cancel({ ...input, ticketId: 't-2' }, work)).toMatchObject({ error: { code: 'INVALID_INPUT' } })
    expect(done).toEqual(['t-1'])
  })

  it("does not show one person another's outcome", async () => {
    const [one, other] = [await setting(), await setting()]
    const { done, work } = effects()
    const input = click()
    await one.cancel(input, work)
    await other.cancel(input, work)
    expect(done).toHaveLength(2)
    expect(await auditOf(input.requestId)).toHaveLength(2)
  })

  it('whose process died is unconfirmed, not in progress for ever', async () => {
    const { access, cancel } = await setting()
    const input = click()
    void cancel(input, () => new Promise(() => {}))
    await expect.poll(async () => (await auditOf(input.requestId)).length).toBe(1)
    const { work } = effects()
    expect(await cancel(input, work)).toMatchObject({ error: { code: 'IN_PROGRESS' } })
    access.clock.now = new Date(access.clock.now.getTime() + 121_000)
    expect(await cancel(input, work)).toMatchObject({ error: { code: 'UNCONFIRMED' } })
    expect(await closeAbandoned(database.db, access.now())).toContainEqual({ environment: 'local', target: 't-1' })
    expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'unknown', outcome_code: 'UNCONFIRMED' }])
  })

  it('with an unknown fate says so in the trail', async () => {
    const { cancel } = await setting()
    const input = click()
    await cancel(input, effects(() => Promise.reject(new AppError('UNCONFIRMED', 'no answer'))).work)
    expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'unknown' }])
  })

  it('that fails in an unforeseen way tells the person nothing but a request id', async () => {
    const { cancel } = await setting()
    const input = click()
    const result = await cancel(input, effects(() => Promise.reject(new Error('secret arn:aws:… at /srv'))).work)
    expect(result).toEqual({
      success: false,
      error: { code: 'INTERNAL', message: expect.stringContaining('request id'), requestId: input.requestId },
    })
    expect(JSON.stringify(result)).not.toContain('secret')
    expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'failed' }])
  })

  it('audits each of its calls before that call, with a fate of its own', async () => {
    const { cancel } = await setting()
    const input = click()
    const seen: number[] = []
    await cancel(
      input,
      effects(async ({ step }) => {
        await step('t-1', { n: 1 }, async () => seen.push((await auditOf(input.requestId)).length))
        await step('t-2', { n: 2 }, () => Promise.reject(new AppError('GONE', 'gone'))).catch(() => {})
      }).work,
    )
    expect(seen).toEqual([2])
    expect(await auditOf(input.requestId)).toMatchObject([
      { step: 0, target: 't-1', outcome: 'done' },
      { step: 1, target: 't-1', input: { n: 1 }, outcome: 'done' },
      { step: 2, target: 't-2', outcome: 'refused', outcome_code: 'GONE' },
    ])
  })
})

describe('an action is refused without effect', () => {
  const cases: [string, string, Record<string, string | null>][] = [
    ['without a session', 'NOT_SIGNED_IN', { cookie: null }],
    ['with a made-up session', 'NOT_SIGNED_IN', { cookie: 'matchdesk-3000=made-up' }],
    ['without an Origin', 'CROSS_SITE', { origin: null }],
    ['from another site', 'CROSS_SITE', { origin: 'http://evil.test' }],
    ['from a sandboxed frame', 'CROSS_SITE', { origin: 'null' }],
    ['when the browser says cross-site', 'CROSS_SITE', { 'sec-fetch-site': 'cross-site' }],
    ['under a foreign host name', 'CROSS_SITE', { host: 'rebound.test', 'x-forwarded-host': '127.0.0.1:3000' }],
  ]
  it.each(cases)('%s', async (_, code, changes) => {
    const { cancel, cookie } = await setting('admin')
    const { done, work } = effects()
    const input = click()
    expect(await cancel(input, work, ownPage(cookie, changes))).toMatchObject({ success: false, error: { code } })
    expect(done).toEqual([])
    expect(await auditOf(input.requestId)).toEqual([])
  })

  const inputs: [string, unknown, RegExp][] = [
    ['nothing', undefined, /./],
    ['no request id', { environment: 'local', ticketId: 't-1' }, /^requestId: /],
    ['a field too many', click({ force: true }), /./],
    ['a ticket id of another alphabet', click({ ticketId: 'a/b' }), /^ticketId: .*must match/],
    ['NUL in an id', click({ ticketId: 't\0' }), /^ticketId: /],
    ['an array', [click()], /./],
  ]
  it.each(inputs)('for the input: %s', async (_, input, message) => {
    const { cancel } = await setting('admin')
    const { done, work } = effects()
    const result = await cancel(input, work)
    expect(result).toMatchObject({
      success: false,
      error: { code: 'INVALID_INPUT', message: expect.stringMatching(message) },
    })
    expect(done).toEqual([])
  })

  it('in an environment that does not exist', async () => {
    const { cancel } = await setting('admin')
    const { done, work } = effects()
    expect(await cancel(click({ environment: 'mars' }), work)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(done).toEqual([])
  })

  it('by somebody whose role does not allow it, and that leaves one row in the trail', async () => {
    const { cancel } = await setting('qa')
    const { done, work } = effects()
    const input = click({ environment: 'prod' })
    const refusal = {
      success: false,
      error: { code: 'FORBIDDEN', message: expect.stringContaining('typed confirmation: support') },
    }
    expect(await cancel(input, work)).toMatchObject(refusal)
    expect(await cancel(input, work)).toMatchObject(refusal)
    expect(done).toEqual([])
    expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'denied', outcome_code: 'FORBIDDEN' }])
  })

  it('as soon as the person is disabled or loses the role', async () => {
    const { cancel, personId } = await setting('operator')
    const { done, work } = effects()
    await database.db.query("update people set role = 'viewer' where person_id = $1", [personId])
    expect(await cancel(click(), work)).toMatchObject({ error: { code: 'FORBIDDEN' } })
    await database.db.query('update people set disabled_at = now() where person_id = $1', [personId])
    expect(await cancel(click(), work)).toMatchObject({ error: { code: 'NOT_SIGNED_IN' } })
    expect(done).toEqual([])
  })

  it('when the check itself fails', async () => {
    const { access, cookie } = await setting('admin')
    const { done, work } = effects()
    const failing = { ...environments, find: () => Promise.reject(new Error('registry down')) }
    const result = await carryOut(
      { ...access, environments: failing },
      ownPage(cookie),
      CancelTicketInput,
      'ticket.cancel',
      click(),
      work,
    )
    expect(result).toMatchObject({ success: false, error: { code: 'INTERNAL' } })
    expect(done).toEqual([])
  })
})

describe('where the role table asks for more than the click', () => {
  it('nothing happens without a reason, and the refusal is in the trail', async () => {
    const { cancel } = await setting('operator')
    const { done, work } = effects()
    for (const reason of [undefined, null, '', ' \n ']) {
      const input = click({ reason })
      expect(await cancel(input, work)).toMatchObject({
        error: { code: 'INVALID_INPUT', message: 'reason: say why, in 1 to 500 characters.' },
      })
      expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'refused', outcome_code: 'INVALID_INPUT' }])
    }
    for (const reason of ['x'.repeat(501), 7, ['why'], 'a\0b']) {
      expect(await cancel(click({ reason }), work)).toMatchObject({ error: { code: 'INVALID_INPUT' } })
    }
    expect(done).toEqual([])
  })

  it('the reason is kept without the blanks around it, and told to the work', async () => {
    const { cancel } = await setting('operator')
    const input = click({ reason: `  ${'x'.repeat(500)}\n` })
    let told: string | null = null
    await cancel(
      input,
      effects(async ({ reason }) => {
        told = reason
      }).work,
    )
    expect(told).toBe('x'.repeat(500))
    expect(await auditOf(input.requestId)).toMatchObject([{ input: { reason: 'x'.repeat(500) }, outcome: 'done' }])
  })

  it('is not asked of whom the table asks nothing, and kept when it is said all the same', async () => {
    const { cancel } = await setting('qa')
    const { done, work } = effects()
    expect(await cancel(click({ reason: undefined }), work)).toMatchObject({ success: true })
    const input = click({ reason: 'because' })
    expect(await cancel(input, work)).toMatchObject({ success: true })
    expect(done).toHaveLength(2)
    expect(await auditOf(input.requestId)).toMatchObject([{ input: { reason: 'because' } }])
  })

  it('in a protected environment its name has to be typed too, exactly', async () => {
    const { cancel } = await setting('operator')
    const { done, work } = effects()
    for (const confirmation of [undefined, '', 'Prod', 'prod ', 'local', 't-1']) {
      expect(await cancel(click({ environment: 'prod', confirmation }), work)).toMatchObject({
        error: { code: 'INVALID_INPUT', message: 'confirmation: type "prod" to confirm.' },
      })
    }
    expect(done).toEqual([])
    expect(await cancel(click({ environment: 'prod', confirmation: 'prod' }), work)).toMatchObject({ success: true })
    expect(done).toEqual(['t-1'])
  })

  it('an environment of a production account is protected, whatever it is called', async () => {
    const access = testAccess(database.db)
    const mislabelled = fixedEnvironments([anEnvironment({ onProductionList: true })])
    const as = async (role: Role, input: object) => {
      const { cookie } = await personWithRole(database.db, role, access.now())
      const deps = { ...access, environments: mislabelled }
      return carryOut(deps, ownPage(cookie), CancelTicketInput, 'ticket.cancel', click(input), async () => null)
    }
    expect(await as('qa', {})).toMatchObject({ error: { code: 'FORBIDDEN' } })
    expect(await as('operator', {})).toMatchObject({ error: { message: 'confirmation: type "local" to confirm.' } })
    expect(await as('operator', { confirmation: 'local' })).toMatchObject({ success: true })
  })

  it('what only prepares something asks for the permission, not for the reason', async () => {
    const { access, cookie } = await setting('operator')
    const prepare = (role: string, input: object) =>
      carryOut(access, ownPage(role), CancelTicketInput, 'ticket.cancel', click(input), async () => 'ready', {
        onlyPrepares: true,
      })
    expect(await prepare(cookie, { reason: undefined })).toEqual({ success: true, data: 'ready' })
    const viewer = await personWithRole(database.db, 'viewer', access.now())
    expect(await prepare(viewer.cookie, {})).toMatchObject({ error: { code: 'FORBIDDEN' } })
  })

  it('what the input turns out to be can ask for more', async () => {
    const { cancel } = await setting('operator')
    const needsMass = effects(async (call) => {
      await call.require('ticket.cancel-mass')
      return 'done'
    }).work
    expect(await cancel(click(), needsMass)).toMatchObject({
      error: { message: 'confirmation: type "local" to confirm.' },
    })
    expect(await cancel(click({ confirmation: 'local' }), needsMass)).toMatchObject({ success: true })
    const prod = click({ environment: 'prod', confirmation: 'prod' })
    expect(await cancel(prod, needsMass)).toMatchObject({ error: { code: 'FORBIDDEN' } })
    expect(await auditOf(prod.requestId)).toMatchObject([{ outcome: 'denied' }])
  })

  it('forces nothing on GameLift itself, whoever asks, and says so in the trail', async () => {
    const access = testAccess(database.db)
    const aws = fixedEnvironments([anEnvironment({ kind: 'aws' })])
    for (const role of ['qa', 'operator', 'admin'] as const) {
      const { cookie } = await personWithRole(database.db, role, access.now())
      const input = click({ confirmation: 'local' })
      const deps = { ...access, environments: aws }
      let forced = false
      const result = await carryOut(deps, ownPage(cookie), CancelTicketInput, 'lab.force', input, async () => {
        forced = true
      })
      expect(result).toMatchObject({ error: { code: 'FORBIDDEN', message: expect.stringContaining('no call for it') } })
      expect(forced).toBe(false)
      expect(await auditOf(input.requestId)).toMatchObject([{ outcome: 'denied' }])
    }
  })
})

it('an action without an environment of its own belongs to the default one', async () => {
  const { access, cookie } = await setting('qa')
  const input = { requestId: randomUUID(), running: false }
  await carryOut(access, ownPage(cookie), SetDemoTrafficInput, 'demo.switch', input, async () => null)
  expect(await auditOf(input.requestId)).toMatchObject([{ environment: 'local', input: { running: false } }])
})

describe('the audit trail', () => {
  it('gives up no row and changes none, except to add an outcome once', async () => {
    const { cancel } = await setting()
    const input = click()
    await cancel(input, effects().work)
    const refuses = (sql: string) => expect(database.db.query(sql)).rejects.toMatchObject({ code: '42501' })
    await refuses(`delete from audit where request_id = '${input.requestId}'`)
    await refuses('truncate audit')
    await refuses(`update audit set outcome = 'refused' where request_id = '${input.requestId}'`)
    await refuses(`update audit set person_name = 'somebody else' where request_id = '${input.requestId}'`)
    const open = randomUUID()
    await database.db.query(
      "insert into audit (at, action, input, request_id) values (now(), 'ticket.cancel', '{}', $1)",
      [open],
    )
    await refuses(`update audit set target = 't-2' where request_id = '${open}'`)
    await refuses(`update audit set target = 't-2', outcome = 'done', finished_at = now() where request_id = '${open}'`)
    await database.db.query(`update audit set outcome = 'done', finished_at = now() where request_id = '${open}'`)
  })
})
