/**
 * Who may do what, and what is asked of them: the one table that code, screens, tests and docs/roles.md read. What is not
 * in it is denied.
 */
import type { Protection } from '#lib/tickets/views.ts'

export const ROLES = ['viewer', 'support', 'qa', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * `●` yes · `◐` with a reason · `▲` with a reason, a typed confirmation and a fresh sign-in · `②` all that and a second
 * person · `–` no.
 */
export const MARKS = { '●': 'yes', '◐': 'reason', '▲': 'confirm', '②': 'second-person', '–': 'no' } as const
export type Mark = keyof typeof MARKS
export type Level = (typeof MARKS)[Mark]

/**
 * `look` changes nothing anybody else could notice · `tell` hands out what somebody may have to answer for · `own` changes
 * what is one's own · `act` changes what others have · `switch` is the brake itself.
 */
export type Kind = 'look' | 'tell' | 'own' | 'act' | 'switch'

/** Open and guarded environments before the stroke, protected ones after it. */
type Pair = `${Mark}/${Mark}`
type Pairs = readonly [viewer: Pair, support: Pair, qa: Pair, operator: Pair, admin: Pair]

interface Row {
  kind: Kind
  /** What it is called in a sentence: "You may not … here." */
  spoken: string
  pairs: Pairs
  /** Only our own engine can do it: there is no such call to GameLift. */
  localOnly?: true
}

const row =
  (kind: Kind, rest: { localOnly?: true } = {}) =>
  (spoken: string, ...pairs: Pairs): Row => ({ kind, spoken, pairs, ...rest })
const look = row('look')
const tell = row('tell')
const own = row('own')
const act = row('act')
const lab = row('act', { localOnly: true })
const brake = row('switch')

export const PERMISSIONS = {
  //                                                                          viewer support qa     operator admin
  'ticket.view': look('view tickets', /*                                   */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'match.view': look('view matches', /*                                    */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'session.view': look('view game sessions', /*                            */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'configuration.view': look('view configurations and rule sets', /*       */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'live.view': look('follow live changes', /*                              */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'demo.view': look('see whether demo traffic runs', /*                    */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'ingest.view': look('see how events come in', /*                         */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'own.sign-out': look('sign out', /*                                      */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'ticket.refresh': look('refresh a ticket from GameLift', /*              */ '–/–', '●/●', '●/●', '●/●', '●/●'),
  'ruleset.validate': look('validate rule sets', /*                        */ '–/–', '–/–', '●/●', '●/●', '●/●'),
  'environment.check': look('try a connection', /*                         */ '–/–', '–/–', '–/–', '–/–', '●/●'),
  'audit.own': look('see what you did yourself', /*                        */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'audit.all': look('see what others did', /*                              */ '–/–', '–/–', '–/–', '●/●', '●/●'),

  'player.search': tell('search by player id', /*                          */ '–/–', '●/●', '●/–', '●/●', '●/●'),
  'player.unmask': tell('see who a player is', /*                          */ '–/–', '●/◐', '●/–', '●/◐', '●/◐'),
  'export.masked': tell('export with players masked', /*                   */ '–/–', '●/◐', '●/–', '●/◐', '●/◐'),
  'export.unmasked': tell('export with players named', /*                  */ '–/–', '–/–', '–/–', '●/◐', '●/◐'),
  'audit.export': tell('export the audit trail', /*                        */ '–/–', '–/–', '–/–', '–/–', '●/●'),

  'view.save': own('save views', /*                                        */ '●/●', '●/●', '●/●', '●/●', '●/●'),
  'view.share': own('share views', /*                                      */ '–/–', '–/–', '–/–', '●/●', '●/●'),
  'token.own': own('have API tokens', /*                                   */ '–/–', '–/–', '●/–', '●/●', '●/●'),

  'ticket.start': act('start tickets', /*                                  */ '–/–', '–/–', '●/–', '◐/▲', '◐/▲'),
  'ticket.cancel': act('cancel tickets', /*                                */ '–/–', '◐/▲', '●/–', '◐/▲', '◐/▲'),
  'ticket.cancel-many': act('cancel up to 50 tickets at once', /*          */ '–/–', '–/–', '◐/–', '◐/▲', '◐/▲'),
  'ticket.cancel-mass': act('cancel more than 50 tickets at once', /*      */ '–/–', '–/–', '▲/–', '▲/②', '▲/②'),
  'match.answer': act('accept or reject for a player', /*                  */ '–/–', '–/–', '●/–', '◐/▲', '◐/▲'),
  'match.answer-many': act('accept or reject for many matches at once', /* */ '–/–', '–/–', '◐/–', '◐/▲', '◐/▲'),
  'backfill.start': act('start a backfill', /*                             */ '–/–', '–/–', '●/–', '◐/▲', '◐/▲'),
  'backfill.off': act('turn automatic backfill off', /*                    */ '–/–', '–/–', '◐/–', '▲/②', '▲/②'),
  'ingest.redrive': act('deliver again what was set aside', /*             */ '–/–', '–/–', '◐/–', '◐/▲', '◐/▲'),
  'demo.switch': lab('pause or resume demo traffic', /*                    */ '–/–', '–/–', '●/–', '●/–', '●/▲'),
  'lab.force': lab('force an outcome', /*                                  */ '–/–', '–/–', '●/–', '●/–', '●/▲'),
  'lab.clock': lab("move the engine's clock", /*                           */ '–/–', '–/–', '●/–', '◐/–', '◐/▲'),
  'channel.secret': act('change the secrets of senders', /*                */ '–/–', '–/–', '–/–', '–/–', '▲/▲'),
  'channel.confirm': act('confirm the subscription of a topic', /*         */ '–/–', '–/–', '–/–', '–/–', '▲/▲'),
  'environment.manage': act('add, edit or remove environments', /*         */ '–/–', '–/–', '–/–', '–/–', '▲/②'),
  'people.manage': act('change people and their roles', /*                 */ '–/–', '–/–', '–/–', '–/–', '▲/▲'),
  'token.any': act('end the API tokens of others', /*                      */ '–/–', '–/–', '–/–', '–/–', '◐/▲'),
  'player.erase': act('erase a player', /*                                 */ '–/–', '–/–', '–/–', '–/–', '▲/②'),

  'switch.on': brake('stop actions for everybody', /*                      */ '–/–', '–/–', '–/–', '●/●', '●/●'),
  'switch.off': brake('let stopped actions go on', /*                      */ '–/–', '–/–', '–/–', '–/–', '▲/▲'),
} as const satisfies Record<string, Row>
export type Action = keyof typeof PERMISSIONS
export const ACTIONS = Object.keys(PERMISSIONS) as Action[]

/** undefined for an action that is not in the table. */
export function rowOf(action: Action): Row | undefined {
  return Object.hasOwn(PERMISSIONS, action) ? PERMISSIONS[action] : undefined
}

/**
 * What the table says, unmet or not. Deny by default: a role, action or protection it does not know is `no`, and so is
 * nobody (null). A guarded environment asks a reason wherever an open one lets somebody act without.
 */
export function levelOf(role: Role | null, action: Action, protection: Protection): Level {
  const known = rowOf(action)
  const pair = role === null ? undefined : known?.pairs[ROLES.indexOf(role)]
  if (!known || !pair) return 'no'
  const [work, prod] = pair.split('/') as [Mark, Mark]
  switch (protection) {
    case 'open':
      return MARKS[work]
    case 'guarded':
      return work === '●' && known.kind === 'act' ? 'reason' : MARKS[work]
    case 'protected':
      return MARKS[prod]
    default:
      protection satisfies never
      return 'no'
  }
}
