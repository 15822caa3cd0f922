/**
 * Who may do what: the one table that code, screens and tests read. An action, role or protection that is not in it is
 * denied. `◐` (needs a reason) counts as yes here until actions carry a reason.
 */
import type { Protection } from '#lib/tickets/views.ts'

export const ROLES = ['viewer', 'support', 'qa', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

type Grant = '●' | '◐' | '–'
/** Where: `work` is any environment but a protected one, `protected` is production. */
type Row = Record<Role, { work: Grant; protected: Grant }>

/** Written as the pairs `work/protected` in the order viewer, support, qa, operator, admin. */
function row(...grants: [string, string, string, string, string]): Row {
  const cells = grants.map((pair) => {
    const [work, prod] = pair.split('/') as [Grant, Grant]
    return { work, protected: prod }
  })
  return Object.fromEntries(ROLES.map((role, index) => [role, cells[index]])) as Row
}

export const PERMISSIONS = {
  //                          viewer  support qa      operator admin
  'ticket.view': /*        */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'match.view': /*         */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'session.view': /*       */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'configuration.view': /* */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'live.view': /*          */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'demo.view': /*          */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'own.sign-out': /*       */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'player.search': /*      */ row('–/–', '●/●', '●/–', '●/●', '●/●'),
  'ticket.refresh': /*     */ row('–/–', '●/●', '●/●', '●/●', '●/●'),
  'ticket.cancel': /*      */ row('–/–', '◐/◐', '●/–', '◐/◐', '◐/◐'),
  'match.answer': /*       */ row('–/–', '–/–', '●/–', '◐/◐', '◐/◐'),
  'backfill.start': /*     */ row('–/–', '–/–', '●/–', '◐/◐', '◐/◐'),
  'backfill.off': /*       */ row('–/–', '–/–', '◐/–', '◐/◐', '◐/◐'),
  'demo.switch': /*        */ row('–/–', '–/–', '●/–', '●/–', '●/–'),
  'environment.manage': /* */ row('–/–', '–/–', '–/–', '–/–', '●/●'),
  'channel.secret': /*     */ row('–/–', '–/–', '–/–', '–/–', '●/●'),
  'ingest.view': /*        */ row('●/●', '●/●', '●/●', '●/●', '●/●'),
  'ingest.redrive': /*     */ row('–/–', '–/–', '●/–', '●/●', '●/●'),
} as const satisfies Record<string, Row>
export type Action = keyof typeof PERMISSIONS
export const ACTIONS = Object.keys(PERMISSIONS) as Action[]

/** What an action is called in a sentence: "You may not … here." */
const SPOKEN: Record<Action, string> = {
  'ticket.view': 'view tickets',
  'match.view': 'view matches',
  'session.view': 'view game sessions',
  'configuration.view': 'view configurations and rule sets',
  'live.view': 'follow live changes',
  'demo.view': 'see whether demo traffic runs',
  'own.sign-out': 'sign out',
  'player.search': 'search by player id',
  'ticket.refresh': 'refresh a ticket from GameLift',
  'ticket.cancel': 'cancel tickets',
  'match.answer': 'accept or reject for a player',
  'backfill.start': 'start a backfill',
  'backfill.off': 'turn automatic backfill off',
  'demo.switch': 'pause or resume demo traffic',
  'environment.manage': 'add, edit or remove environments',
  'channel.secret': 'change the secrets of senders',
  'ingest.view': 'see how events come in',
  'ingest.redrive': 'deliver again what was set aside',
}

/** Deny by default: anything the table does not grant, and anything it does not know, is no. */
export function can(role: Role, action: Action, protection: Protection): boolean {
  const cells = Object.hasOwn(PERMISSIONS, action) ? PERMISSIONS[action] : undefined
  if (!cells || !Object.hasOwn(cells, role)) return false
  switch (protection) {
    case 'open':
    case 'guarded':
      return cells[role].work !== '–'
    case 'protected':
      return cells[role].protected !== '–'
    default:
      protection satisfies never
      return false
  }
}

/** null when allowed; otherwise a sentence for a disabled control, naming who can. */
export function whyNot(role: Role, action: Action, protection: Protection): string | null {
  if (can(role, action, protection)) return null
  const able = ROLES.filter((other) => can(other, action, protection))
  const where = protection === 'protected' ? ' in a protected environment' : ''
  const who = able.length > 0 ? `Can do it: ${able.join(', ')}.` : 'Nobody can.'
  return `Your role (${role}) may not ${SPOKEN[action] ?? action}${where}. ${who}`
}
