import { describe, expect, it } from 'vitest'
import type { Protection } from '#lib/tickets/views.ts'
import { type Action, asks, can, type Role, whyNot } from './roles.ts'

describe('a role', () => {
  it('may nothing that the table does not know', () => {
    expect(can('admin', 'ticket.explode' as Action, 'open')).toBe(false)
    expect(can('root' as Role, 'ticket.view', 'open')).toBe(false)
    expect(can('admin', 'ticket.view', 'unlocked' as Protection)).toBe(false)
    expect(can('constructor' as Role, 'ticket.view', 'open')).toBe(false)
    expect(can('length' as Role, 'ticket.view', 'open')).toBe(false)
    expect(can('admin', 'toString' as Action, 'open')).toBe(false)
    expect(can(null, 'ticket.view', 'open')).toBe(false)
  })

  it('is asked for what the level says', () => {
    expect(asks('qa', 'ticket.cancel', 'open')).toBe('nothing')
    expect(asks('qa', 'ticket.cancel', 'guarded')).toBe('reason')
    expect(asks('operator', 'ticket.cancel', 'open')).toBe('reason')
    expect(asks('operator', 'ticket.cancel', 'protected')).toBe('confirm')
    expect(asks('viewer', 'ticket.cancel', 'open')).toBeNull()
  })

  it('may not what takes a second person, but for what could be done before', () => {
    expect(asks('admin', 'ticket.cancel-mass', 'open')).toBe('confirm')
    expect(asks('admin', 'ticket.cancel-mass', 'protected')).toBeNull()
    expect(whyNot('admin', 'ticket.cancel-mass', 'protected')).toBe(
      'To cancel more than 50 tickets at once in a protected environment takes a second person who approves it, and Matchdesk cannot ask one yet.',
    )
    expect(asks('operator', 'backfill.off', 'protected')).toBe('confirm')
    expect(asks('admin', 'environment.manage', 'protected')).toBe('confirm')
  })
})

describe('a refusal', () => {
  it('says why not, who can, and what they have to give', () => {
    expect(whyNot('admin', 'ticket.cancel', 'open')).toBeNull()
    expect(whyNot('viewer', 'ticket.cancel', 'open')).toBe(
      'Your role (viewer) may not cancel tickets. Can do it: qa. With a reason: support, operator, admin.',
    )
    expect(whyNot('qa', 'ticket.cancel', 'protected')).toBe(
      'Your role (qa) may not cancel tickets in a protected environment. Can do it with a reason and a typed confirmation: support, operator, admin.',
    )
    expect(whyNot('operator', 'demo.switch', 'protected')).toMatch(/typed confirmation: admin\.$/)
    expect(whyNot('admin', 'ticket.explode' as Action, 'open')).toBe(
      'Your role (admin) may not ticket.explode. Nobody can.',
    )
  })
})
