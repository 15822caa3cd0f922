/** Whatever breaks, in the work or while it is decided who may do it: nothing is let through and nothing is told. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import type { Db } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { answerRoute } from './answer-route.ts'
import { type AccessDeps, carryOut } from './carry-out.ts'
import { ownPage, personWithRole, testAccess } from './testing/access.ts'

const database = testDatabase()
/** In every error: none of it may be in an answer. */
const INSIDE = 'CANARY select * from people arn:aws:iam::123456789012:role/x /srv/app/lib/db.ts:12:3'

class LooksExpected extends Error {
  override name = 'AppError'
  code = 'NOT_FOUND'
}
const hostile = {
  toString() {
    throw new Error(INSIDE)
  },
}
const circular = new Error(INSIDE)
circular.cause = circular

const ERRORS: [string, unknown][] = [
  ['an error', new Error(INSIDE)],
  ['an error of PostgreSQL', Object.assign(new Error(INSIDE), { code: '42P01', query: INSIDE })],
  ['an error of AWS', Object.assign(new Error(INSIDE), { name: 'AccessDeniedException', $metadata: { INSIDE } })],
  ['one that only looks expected', new LooksExpected(INSIDE)],
  ['a text', INSIDE],
  ['nothing', undefined],
  ['null', null],
  ['an object like an expected error', { code: 'FORBIDDEN', message: INSIDE }],
  ['an object that cannot be described', hostile],
  ['an error that is its own cause', circular],
]

const PLACES: Record<string, (deps: AccessDeps, error: unknown) => Partial<AccessDeps>> = {
  'the clock': (_, error) => ({
    now() {
      throw error
    },
  }),
  'the database': (_, error) => ({ db: { query: () => Promise.reject(error) } as unknown as Db }),
  'the list of environments': ({ environments }, error) => ({
    environments: { ...environments, find: () => Promise.reject(error), list: () => Promise.reject(error) },
  }),
  'the brakes': ({ switches }, error) => ({ switches: { ...switches, on: () => Promise.reject(error) } }),
}

const CASES = [...Object.keys(PLACES), 'the work itself'].flatMap((place) =>
  ERRORS.map(([what, error]) => [what, place, error] as const),
)

let logged: string[] = []
beforeEach(() => {
  logged = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line))
})
afterEach(() => void vi.restoreAllMocks())

function expectNothingTold(text: string): void {
  for (const part of ['CANARY', 'select', 'arn:', '/srv', 'node_modules', '    at ']) expect(text).not.toContain(part)
}

async function setting(place: string, error: unknown) {
  const access = testAccess(database.db)
  const { cookie } = await personWithRole(database.db, 'admin', access.now())
  const deps: AccessDeps = { ...access, ...PLACES[place]?.(access, error) }
  let worked = 0
  const work = async () => {
    if (place === 'the work itself') throw error
    worked++
    return {}
  }
  return { deps, cookie, work, worked: () => worked }
}

it('there are at least 40 of them', () => expect(CASES.length).toBeGreaterThanOrEqual(40))

it.each(CASES)('a route tells nothing of %s thrown by %s', async (_, place, error) => {
  const { deps, cookie, work, worked } = await setting(place, error)
  const request = new Request('http://localhost:9/api/local/tickets', { headers: { host: '127.0.0.1:3000', cookie } })
  const answer = await answerRoute(deps, request, { environment: 'local' }, 'ticket.view', work)
  const text = await answer.text()
  expectNothingTold(text)
  expect(answer.status).toBe(500)
  const { requestId } = (JSON.parse(text) as { error: { requestId: string } }).error
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(logged.some((line) => line.includes(requestId))).toBe(true)
  expect(worked()).toBe(0)
})

const Input = z.object({ requestId: z.string(), environment: z.string() })

it.each(CASES)('an action does nothing and tells nothing of %s thrown by %s', async (_, place, error) => {
  const { deps, cookie, work, worked } = await setting(place, error)
  const input = { requestId: randomUUID(), environment: 'local' }
  const result = await carryOut(deps, ownPage(cookie), Input, 'ticket.refresh', input, work)
  expectNothingTold(JSON.stringify(result))
  expect(result).toMatchObject({ success: false, error: { code: 'INTERNAL' } })
  expect(worked()).toBe(0)
})
