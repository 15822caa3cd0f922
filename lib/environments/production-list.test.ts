import { describe, expect, it } from 'vitest'
import { readSettings } from '#lib/settings.ts'
import { effectiveProtection, type StoredEnvironment, viewOf } from './environment.ts'
import { inputOf } from './environment-input.ts'
import { isOnProductionList } from './production-list.ts'
import { createEnvironments } from './registry.ts'
import { anEnvironment } from './testing/an-environment.ts'

const PRODUCTION = ['111122223333', '444455556666']
const isProduction = (given: Parameters<typeof anEnvironment>[0]) =>
  isOnProductionList(anEnvironment(given), PRODUCTION)
const role = (account: string) => `arn:aws:iam::${account}:role/matchdesk`

describe('an environment is on the production list', () => {
  it('by its account, whatever its kind', () => {
    expect(isProduction({ kind: 'aws', accountId: '111122223333' })).toBe(true)
    expect(isProduction({ kind: 'local', accountId: '444455556666' })).toBe(true)
    expect(isProduction({ kind: 'aws', accountId: '111122223334' })).toBe(false)
    expect(isProduction({ kind: 'local', accountId: '000000000000' })).toBe(false)
  })

  it('by the account of either role, though it names another as its own', () => {
    const elsewhere = { kind: 'aws', accountId: '999999999999' } as const
    expect(isProduction({ ...elsewhere, credentials: { readRoleArn: role('111122223333') } })).toBe(true)
    expect(isProduction({ ...elsewhere, credentials: { writeRoleArn: role('111122223333') } })).toBe(true)
    expect(isProduction({ ...elsewhere, credentials: { writeRoleArn: role('999999999999') } })).toBe(false)
  })

  it('when nothing names its account on AWS, and not without a list', () => {
    expect(isProduction({ kind: 'aws', accountId: null })).toBe(true)
    expect(isProduction({ kind: 'local', accountId: null })).toBe(false)
    expect(isOnProductionList(anEnvironment({ kind: 'aws', accountId: null }), [])).toBe(false)
  })
})

it('the registry judges every environment by the list, the built-in one too, and browsers see what holds', async () => {
  const { onProductionList: _, ...stored } = anEnvironment({ name: 'eu', kind: 'aws', accountId: '444455556666' })
  const { onProductionList: __, ...harmless } = anEnvironment({ name: 'dev', accountId: '999999999999' })
  // A row of the name of the built-in one cannot take it off the list.
  const { onProductionList: ___, ...override } = anEnvironment({ protection: 'guarded', accountId: '999999999999' })
  const rows: StoredEnvironment[] = [stored, harmless, override]
  const environments = createEnvironments(
    anEnvironment({ accountId: '111122223333' }),
    async () => rows,
    undefined,
    PRODUCTION,
  )
  const protection = async (name: string) => {
    const found = await environments.find(name)
    if (!found) throw new Error(name)
    return { own: found.protection, holds: effectiveProtection(found), shown: viewOf(found).protection }
  }
  expect(await protection('eu')).toEqual({ own: 'open', holds: 'protected', shown: 'protected' })
  expect(await protection('local')).toEqual({ own: 'guarded', holds: 'protected', shown: 'protected' })
  expect(await protection('dev')).toEqual({ own: 'open', holds: 'open', shown: 'open' })
  // What is edited is what it is set to, and the list is nothing that could be set.
  const edited = inputOf((await environments.find('eu')) ?? anEnvironment())
  expect(edited.protection).toBe('open')
  expect(edited).not.toHaveProperty('onProductionList')
})

it('the list and the brake are read from the settings, and a wrong one stops the start', () => {
  expect(readSettings({}).productionAccounts).toEqual([])
  expect(readSettings({}).readOnly).toBe(false)
  const given = readSettings({ MATCHDESK_PRODUCTION_ACCOUNTS: '111122223333, 444455556666', MATCHDESK_READ_ONLY: '1' })
  expect(given.productionAccounts).toEqual(PRODUCTION)
  expect(given.readOnly).toBe(true)
  for (const wrong of ['1111', '111122223333;444455556666', '111122223333,', '*']) {
    expect(() => readSettings({ MATCHDESK_PRODUCTION_ACCOUNTS: wrong }), wrong).toThrow('MATCHDESK_PRODUCTION_ACCOUNTS')
  }
  expect(() => readSettings({ MATCHDESK_READ_ONLY: 'yes' })).toThrow('MATCHDESK_READ_ONLY')
})
