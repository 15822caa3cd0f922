import { expect, it } from 'vitest'
import { readSettings } from '#lib/settings.ts'
import { isKnownSender } from './sender.ts'

const OLD = 'the-old-secret-0123'
const NEW = 'the-new-secret-0123'
const headers = (given: Record<string, string>) => new Headers(given)

it('a sender is known by either of two secrets, in its own header or as a bearer token', () => {
  for (const secret of [OLD, NEW]) {
    expect(isKnownSender(headers({ 'x-matchdesk-secret': secret }), [OLD, NEW])).toBe(true)
    expect(isKnownSender(headers({ authorization: `Bearer ${secret}` }), [OLD, NEW])).toBe(true)
  }
})

it.each([
  {},
  { 'x-matchdesk-secret': '' },
  { 'x-matchdesk-secret': 'the-new-secret-012' },
  { 'x-matchdesk-secret': `${NEW}x` },
  { 'x-matchdesk-secret': NEW.toUpperCase() },
  { 'x-matchdesk-secret': 'wrong', authorization: `Bearer ${NEW}` },
  { authorization: NEW },
  { authorization: `Basic ${NEW}` },
  { cookie: `x-matchdesk-secret=${NEW}` },
] as Record<string, string>[])('nobody else is: %o', (given) => {
  expect(isKnownSender(headers(given), [OLD, NEW])).toBe(false)
})

it('with no secret set there is no known sender', () => {
  expect(isKnownSender(headers({ 'x-matchdesk-secret': '' }), [])).toBe(false)
})

it('the setting takes one secret or two, and its message never repeats them', () => {
  const read = (value: string) => readSettings({ MATCHDESK_INGEST_SECRET: value }).ingestSecrets
  expect(readSettings({}).ingestSecrets).toEqual([])
  expect(read(OLD)).toEqual([OLD])
  expect(read(`${OLD}, ${NEW}`)).toEqual([OLD, NEW])
  for (const wrong of ['short', `${OLD},short`, `${OLD},${NEW},${OLD}`, 'sixteen chars but spaces']) {
    expect(() => read(wrong)).toThrow(/^MATCHDESK_INGEST_SECRET must be/)
    expect(() => read(wrong)).not.toThrow(wrong)
  }
})
