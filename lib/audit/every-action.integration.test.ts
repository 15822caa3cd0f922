/** Whatever somebody does leaves exactly one row: every server action there is, and every way in and out. */
import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import { answerRoute } from '#lib/access/answer-route.ts'
import { carryOut } from '#lib/access/carry-out.ts'
import type { Action, Role } from '#lib/access/roles.ts'
import { signIn } from '#lib/access/sign-in.ts'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { ORIGIN, ownPage, personWithRole, testAccess } from '#lib/access/testing/access.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { countRefused, flushRefusals, ROWS_PER_MINUTE } from './refusals.ts'

const database = testDatabase()
let asking: Headers
let access: ReturnType<typeof testAccess>

// In the place of the input each action reads and of the work it does: what is recorded before and after is the real thing.
vi.mock('#lib/access/run-action.ts', () => ({
  runAction: (_schema: unknown, action: Action, input: unknown, _work: unknown, options?: object) =>
    carryOut(access, asking, Anything, action, input, async () => null, { ...options, onlyPrepares: true }),
}))
const Anything = z.looseObject({ requestId: z.uuid(), environment: z.optional(z.string()) })

beforeAll(() => {
  access = testAccess(database.db)
})

async function as(role: Role): Promise<{ personId: string; cookie: string }> {
  const person = await personWithRole(database.db, role, access.now())
  asking = ownPage(person.cookie)
  return person
}
async function rowsOf(personId: string) {
  const { rows } = await database.db.query<Record<string, unknown>>(
    'select * from audit where person_id = $1 order by audit_id',
    [personId],
  )
  return rows
}

type ServerAction = (input: unknown) => Promise<{ success: boolean }>
const files = globSync('{app,components,lib}/**/*.{ts,tsx}')
  .filter((file) => /^\s*(\/\*[\s\S]*?\*\/\s*)?['"]use server['"]/.test(readFileSync(file, 'utf8')))
  .sort()
const actions = (
  await Promise.all(
    files.map(async (file) => {
      const module = (await import(/* @vite-ignore */ path.resolve(file))) as Record<string, ServerAction>
      return Object.entries(module).map(([name, action]) => ({ name, file, action }))
    }),
  )
).flat()

describe('every server action', () => {
  it('is found', () => {
    expect(actions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['cancelTicket', 'answerMatch', 'signOut', 'saveEnvironment', 'redriveSetAside']),
    )
    expect(files.length).toBeGreaterThanOrEqual(5)
  })

  it.each(actions)('$name leaves one row when it is denied, and one when it is done', async ({ action }) => {
    for (const [role, environment] of [
      ['viewer', 'prod'],
      ['admin', 'local'],
    ] as const) {
      const { personId } = await as(role)
      const requestId = randomUUID()
      const result = await action({ requestId, environment })
      expect(await rowsOf(personId)).toMatchObject([
        {
          ...{ role, environment, request_id: requestId, step: 0, person_id: personId },
          protection: environment === 'prod' ? 'protected' : 'open',
          outcome: result.success ? 'done' : 'denied',
          finished_at: expect.any(Date),
        },
      ])
    }
  })
})

it('what an action changed of ours is in its row, before and after; where it failed nothing is', async () => {
  const { personId } = await as('admin')
  const change = (fail: boolean) =>
    carryOut(access, asking, Anything, 'demo.switch', { requestId: randomUUID() }, async (_, call) => {
      if (fail) throw new AppError('REFUSED', 'Not now.')
      call.changed({ running: true }, { running: false })
      return null
    })
  await change(false)
  await change(true)
  expect(await rowsOf(personId)).toMatchObject([
    { outcome: 'done', state_before: { running: true }, state_after: { running: false } },
    { outcome: 'refused', state_before: null, state_after: null },
  ])
})

describe('a refusal', () => {
  const ask = (headers: Headers, action: Action = 'audit.export') =>
    answerRoute(access, new Request(`${ORIGIN}/api/audit/export?format=csv`, { headers }), {}, action, async () => 'no')

  it('of somebody known leaves one row, with where and why', async () => {
    const { personId, cookie } = await as('viewer')
    const response = await ask(ownPage(cookie))
    expect(response.status).toBe(403)
    const { error } = (await response.json()) as { error: { requestId: string; message: string } }
    expect(await rowsOf(personId)).toMatchObject([
      {
        ...{ action: 'audit.export', outcome: 'denied', outcome_code: 'FORBIDDEN', target: '/api/audit/export' },
        ...{ request_id: error.requestId, outcome_message: error.message, input: { asked: 'route' } },
      },
    ])
  })

  it('is counted, not written, once somebody is refused again and again', async () => {
    const { personId, cookie } = await as('viewer')
    const before = await countRefused(database.db, new Date(0))
    for (let n = 0; n < ROWS_PER_MINUTE + 40; n++) await ask(ownPage(cookie))
    await flushRefusals(database.db, access.now())
    expect(await rowsOf(personId)).toHaveLength(ROWS_PER_MINUTE)
    expect(await countRefused(database.db, new Date(0))).toBe(before + 40)
    access.clock.now = new Date(access.clock.now.getTime() + 61_000)
    await ask(ownPage(cookie))
    expect(await rowsOf(personId)).toHaveLength(ROWS_PER_MINUTE + 1)
  })

  it('of nobody known is counted only, however often', async () => {
    const sizeOf = async () => (await database.db.query<{ n: number }>('select count(*) as n from audit')).rows[0]?.n
    const [rows, before] = [await sizeOf(), await countRefused(database.db, new Date(0))]
    for (let n = 0; n < 200; n++) await ask(ownPage('', { cookie: null }))
    await ask(ownPage('', { host: 'elsewhere.test' }))
    await carryOut(access, ownPage('', { cookie: null }), Anything, 'ticket.cancel', {}, async () => null)
    await signIn(access, new Request(`${ORIGIN}/sign-in?token=made-up`, { headers: { host: '127.0.0.1:3000' } }))
    await flushRefusals(database.db, access.now())
    expect(await sizeOf()).toBe(rows)
    expect(await countRefused(database.db, new Date(0))).toBe(before + 203)
    await flushRefusals(database.db, access.now())
    expect(await countRefused(database.db, new Date(0))).toBe(before + 203)
  })
})

describe('a sign-in', () => {
  const open = (token: string) =>
    signIn(access, new Request(`${ORIGIN}/sign-in?token=${token}`, { headers: { host: '127.0.0.1:3000' } }))

  it('leaves one row, and so does one that is refused', async () => {
    const name = `Ana ${randomUUID()}`
    const now = access.now()
    const token = await createSignInLink(database.db, { role: 'qa', name, ttlSeconds: 60, now })
    expect((await open(token)).status).toBe(303)
    expect((await open(token)).status).toBe(410)
    const { rows } = await database.db.query(
      'select action, role, outcome, outcome_message from audit where person_name = $1 order by audit_id',
      [name],
    )
    expect(rows).toEqual([
      { action: 'own.sign-in', role: 'qa', outcome: 'done', outcome_message: null },
      { action: 'own.sign-in', role: 'qa', outcome: 'denied', outcome_message: 'The sign-in link was used.' },
    ])
  })
})
