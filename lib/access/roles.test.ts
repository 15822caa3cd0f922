import { describe, expect, it } from 'vitest'
import type { Protection } from '#lib/tickets/views.ts'
import { ACTIONS, type Action, can, ROLES, type Role, whyNot } from './roles.ts'

const PROTECTIONS: Protection[] = ['open', 'guarded', 'protected']

describe('the role table', () => {
  // Read by a person when it changes: each line is one action, each column who may.
  it('is exactly this', () => {
    const table = ACTIONS.map((action) => {
      const cells = ROLES.map((role) => PROTECTIONS.map((each) => (can(role, action, each) ? 'y' : '-')).join(''))
      return `${action.padEnd(19)} ${cells.join(' ')}`
    })
    expect(table).toEqual([
      //                   viewer support qa operator admin; open, guarded, protected
      'ticket.view         yyy yyy yyy yyy yyy',
      'match.view          yyy yyy yyy yyy yyy',
      'session.view        yyy yyy yyy yyy yyy',
      'configuration.view  yyy yyy yyy yyy yyy',
      'live.view           yyy yyy yyy yyy yyy',
      'demo.view           yyy yyy yyy yyy yyy',
      'own.sign-out        yyy yyy yyy yyy yyy',
      'player.search       --- yyy yy- yyy yyy',
      'ticket.refresh      --- yyy yyy yyy yyy',
      'ticket.cancel       --- yyy yy- yyy yyy',
      'match.answer        --- --- yy- yyy yyy',
      'backfill.start      --- --- yy- yyy yyy',
      'backfill.off        --- --- yy- yyy yyy',
      'demo.switch         --- --- yy- yy- yy-',
      'environment.manage  --- --- --- --- yyy',
      'channel.secret      --- --- --- --- yyy',
      'ingest.view         yyy yyy yyy yyy yyy',
      'ingest.redrive      --- --- yy- yyy yyy',
    ])
  })

  it('lets a viewer change nothing, anywhere', () => {
    const writes = ACTIONS.filter((action) => !/\.(view|sign-out)$/.test(action))
    expect(writes.filter((action) => PROTECTIONS.some((each) => can('viewer', action, each)))).toEqual([])
  })

  it('lets QA write nothing in a protected environment', () => {
    const writes: Action[] = [
      'ticket.cancel',
      'match.answer',
      'backfill.start',
      'backfill.off',
      'demo.switch',
      'environment.manage',
      'channel.secret',
      'ingest.redrive',
    ]
    expect(writes.filter((action) => can('qa', action, 'protected'))).toEqual([])
  })

  it('denies what it does not know', () => {
    expect(can('admin', 'ticket.explode' as Action, 'open')).toBe(false)
    expect(can('root' as Role, 'ticket.view', 'open')).toBe(false)
    expect(can('admin', 'ticket.view', 'unlocked' as Protection)).toBe(false)
    expect(can('constructor' as Role, 'ticket.view', 'open')).toBe(false)
    expect(can('admin', 'toString' as Action, 'open')).toBe(false)
  })

  it('says why not and who can', () => {
    expect(whyNot('admin', 'ticket.cancel', 'open')).toBeNull()
    expect(whyNot('qa', 'ticket.cancel', 'protected')).toBe(
      'Your role (qa) may not cancel tickets in a protected environment. Can do it: support, operator, admin.',
    )
    expect(whyNot('admin', 'demo.switch', 'protected')).toMatch(/Nobody can\.$/)
  })
})
