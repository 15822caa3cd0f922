/** Who may do what where: every actor, action and kind of environment, against a table a person has read. */
import { describe, expect, it } from 'vitest'
import type { Environment } from '#lib/environments/environment.ts'
import { isOnProductionList } from '#lib/environments/production-list.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { judge } from './judge.ts'
import { ACTIONS, type Action, levelOf, MARKS, type Mark, ROLES, type Role, rowOf } from './role-table.ts'

const PRODUCTION = ['111122223333']
const ACTORS: (Role | null)[] = [null, ...ROLES]

function inAccount(given: Partial<Environment>): Environment {
  const environment = anEnvironment(given)
  return { ...environment, onProductionList: isOnProductionList(environment, PRODUCTION) }
}
const PLACES: Record<string, Environment> = {
  open: inAccount({ protection: 'open' }),
  guarded: inAccount({ protection: 'guarded' }),
  protected: inAccount({ protection: 'protected' }),
  // Somebody calls it open; its account says what it is.
  mislabelled: inAccount({ protection: 'open', accountId: '111122223333' }),
}

/** What is asked of them there, as its mark; `–` when they may not. */
function cell(actor: Role | null, action: Action, place: Environment): Mark {
  // Nobody is signed in: the wrapper refuses before anything is judged, and the table agrees.
  if (actor === null) return levelOf(null, action, 'open') === 'no' ? '–' : '●'
  const { refusal, ask } = judge(actor, action, place, [])
  if (refusal !== null) return '–'
  return ask === 'nothing' ? '●' : ask === 'reason' ? '◐' : '▲'
}
const cells = (action: Action, where: keyof typeof PLACES) =>
  ACTORS.map((actor) => cell(actor, action, PLACES[where] as Environment)).join('')

describe('the role matrix', () => {
  it('is exactly what is in golden/role-matrix.txt', async () => {
    const lines = ACTIONS.map((action) => {
      const columns = Object.keys(PLACES).map((where) => cells(action, where).padEnd(11))
      return `${action.padEnd(20)}${columns.join(' ')}`.trimEnd()
    })
    expect(lines.length * ACTORS.length * Object.keys(PLACES).length).toBeGreaterThan(900)
    const text = [
      'Who may do what where. In each column: nobody signed in, viewer, support, qa, operator, admin.',
      '● yes · ◐ with a reason · ▲ with a reason and a typed confirmation · – no',
      '',
      `${''.padEnd(20)}${Object.keys(PLACES)
        .map((where) => where.padEnd(11))
        .join(' ')}`.trimEnd(),
      ...lines,
      '',
    ].join('\n')
    await expect(text).toMatchFileSnapshot('golden/role-matrix.txt')
  })

  const kindOf = (action: Action) => rowOf(action)?.kind
  const doing = ACTIONS.filter((action) => kindOf(action) === 'act' || kindOf(action) === 'switch')

  it('lets nobody do anything who is not signed in', () => {
    for (const action of ACTIONS) for (const where of Object.keys(PLACES)) expect(cells(action, where)[0]).toBe('–')
  })

  it('lets a viewer change nothing, and learn no player, anywhere', () => {
    const more = ACTIONS.filter((action) => kindOf(action) !== 'look' && action !== 'view.save')
    for (const action of more)
      for (const where of Object.keys(PLACES)) expect(cells(action, where)[1], action).toBe('–')
  })

  it('lets QA do nothing in a protected environment but look and validate', () => {
    for (const where of ['protected', 'mislabelled']) {
      const may = ACTIONS.filter((action) => cells(action, where)[3] !== '–')
      expect(may.filter((action) => kindOf(action) !== 'look')).toEqual(['view.save'])
      expect(may).toContain('ruleset.validate')
    }
  })

  it('lets support do nothing but cancel one ticket', () => {
    for (const where of Object.keys(PLACES)) {
      expect(doing.filter((action) => cells(action, where)[2] !== '–')).toEqual(['ticket.cancel'])
    }
  })

  it('asks everybody for a reason and a typed confirmation for every act in a protected environment', () => {
    for (const action of doing) {
      if (action === 'switch.on') continue // a brake must be quick
      for (const mark of cells(action, 'protected')) expect('▲–', action).toContain(mark)
    }
  })

  it('asks everybody for at least a reason for every act in a guarded environment', () => {
    for (const action of doing) {
      if (action === 'switch.on') continue
      for (const mark of cells(action, 'guarded')) expect('◐▲–', action).toContain(mark)
    }
  })

  it('judges an environment whose account is on the production list as a protected one, whatever it is called', () => {
    for (const action of ACTIONS) expect(cells(action, 'mislabelled'), action).toBe(cells(action, 'protected'))
    for (const protection of ['open', 'guarded', 'protected'] as const) {
      const place = inAccount({ protection, accountId: '111122223333', kind: 'aws' })
      expect(cell('qa', 'ticket.cancel', place)).toBe('–')
      expect(cell('operator', 'ticket.cancel', place)).toBe('▲')
    }
  })

  it('needs two people only of operators and administrators, and only in protected environments', () => {
    for (const action of ACTIONS) {
      const [...pairs] = rowOf(action)?.pairs ?? []
      pairs.forEach((pair, index) => {
        if (!pair.includes('②')) return
        expect(pair, action).toMatch(/\/②$/)
        expect(ROLES[index], action).toMatch(/operator|admin/)
      })
    }
  })

  it('asks never less in a stricter environment, and a higher role never for less than it may', () => {
    const strictness = Object.keys(MARKS)
    for (const action of ACTIONS) {
      for (const actor of ACTORS) {
        const [open, guarded, prod] = ['open', 'guarded', 'protected'].map((where) =>
          strictness.indexOf(cell(actor, action, PLACES[where] as Environment)),
        ) as [number, number, number]
        expect(open, action).toBeLessThanOrEqual(guarded)
        expect(guarded, action).toBeLessThanOrEqual(prod)
      }
      for (const where of Object.keys(PLACES)) {
        const row = cells(action, where)
        // What an operator may, an administrator may.
        if (row[4] !== '–') expect(row[5], action).not.toBe('–')
      }
    }
  })

  it('has no outcome to force and no clock to move in GameLift itself, for any role', () => {
    const local = ACTIONS.filter((action) => rowOf(action)?.localOnly)
    expect(local).toEqual(['demo.switch', 'lab.force', 'lab.clock'])
    for (const action of local) {
      for (const protection of ['open', 'guarded', 'protected'] as const) {
        for (const role of ROLES)
          expect(cell(role, action, inAccount({ kind: 'aws', accountId: '444455556666', protection }))).toBe('–')
      }
    }
    expect(judge('admin', 'lab.force', anEnvironment({ kind: 'aws', label: 'Europe' }), []).refusal).toBe(
      'Only our own engine can do that: Europe is GameLift, which has no call for it.',
    )
  })
})
