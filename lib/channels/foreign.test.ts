import { expect, it } from 'vitest'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { whyForeign } from './foreign.ts'

const prod = anEnvironment({ name: 'prod', kind: 'aws', accountId: '111122223333', region: 'eu-central-1' })

it('knows an event of another account or region, and says which', () => {
  expect(whyForeign(prod, { account: '111122223333', region: 'eu-central-1' })).toBe(null)
  expect(whyForeign(prod, { account: '999999999999', region: 'eu-central-1' })).toBe(
    'the event is of account "999999999999"; prod is account 111122223333',
  )
  expect(whyForeign(prod, { account: '111122223333', region: 'us-east-1' })).toBe(
    'the event is of region "us-east-1"; prod is in eu-central-1',
  )
  expect(whyForeign(prod, { account: 111122223333, region: 'eu-central-1' })).toMatch(
    /^the event is of account nothing/,
  )
})

it('takes any account where nobody has said which, and anything our own engine made up', () => {
  expect(whyForeign({ ...prod, accountId: null }, { account: '1', region: 'eu-central-1' })).toBe(null)
  expect(whyForeign(anEnvironment(), { account: '1', region: 'nowhere' })).toBe(null)
})

it('leaves what is no event to whoever reads events', () => {
  expect(whyForeign(prod, 'hello')).toBe(null)
  expect(whyForeign(prod, null)).toBe(null)
})
