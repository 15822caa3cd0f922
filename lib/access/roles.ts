/** What the role table means for one person in one place: whether, with what, and if not, why and who can. */
import type { Protection } from '#lib/tickets/views.ts'
import { type Action, type Level, levelOf, ROLES, type Role, rowOf } from './role-table.ts'

export { ACTIONS, type Action, type Level, PERMISSIONS, ROLES, type Role } from './role-table.ts'

/** What somebody has to give along with the click. */
export type Ask = 'nothing' | 'reason' | 'confirm'

/**
 * There before a second person could approve anything, and not to be lost in protected environments: until then a reason
 * and a typed confirmation do. Everything else that needs a second person is refused.
 */
const UNTIL_APPROVALS: ReadonlySet<Action> = new Set<Action>(['backfill.off', 'environment.manage'])

/** null when it cannot be done at all. A fresh sign-in is not asked yet: sessions do not know how old theirs is. */
function askedAt(level: Level, action: Action): Ask | null {
  switch (level) {
    case 'yes':
      return 'nothing'
    case 'reason':
    case 'confirm':
      return level
    case 'second-person':
      return UNTIL_APPROVALS.has(action) ? 'confirm' : null
    case 'no':
      return null
    default:
      level satisfies never
      return null
  }
}

/** What is asked of this role for it here; null when it may not. Deny by default. */
export function asks(role: Role | null, action: Action, protection: Protection): Ask | null {
  return askedAt(levelOf(role, action, protection), action)
}

export function can(role: Role | null, action: Action, protection: Protection): boolean {
  return asks(role, action, protection) !== null
}

/** null when allowed; otherwise a sentence for a disabled control, naming who can and with what. */
export function whyNot(role: Role, action: Action, protection: Protection): string | null {
  if (can(role, action, protection)) return null
  const where = protection === 'protected' ? ' in a protected environment' : ''
  const spoken = rowOf(action)?.spoken ?? action
  if (levelOf(role, action, protection) === 'second-person') {
    return `To ${spoken}${where} takes a second person who approves it, and Matchdesk cannot ask one yet.`
  }
  return `Your role (${role}) may not ${spoken}${where}. ${whoCan(action, protection)}`
}

function whoCan(action: Action, protection: Protection): string {
  const asked = (ask: Ask) => ROLES.filter((role) => asks(role, action, protection) === ask).join(', ')
  const groups = [
    ['Can do it: ', asked('nothing')],
    ['With a reason: ', asked('reason')],
    ['With a reason and a typed confirmation: ', asked('confirm')],
  ].filter(([, roles]) => roles !== '')
  if (groups.length === 0) return 'Nobody can.'
  // "Can do it: qa. With a reason: operator." and "Can do it with a reason: operator."
  const [[first, roles], ...others] = groups as [[string, string], ...[string, string][]]
  const begin = first.startsWith('With') ? first.replace('With', 'Can do it with') : first
  return [`${begin}${roles}.`, ...others.map(([words, names]) => `${words}${names}.`)].join(' ')
}
