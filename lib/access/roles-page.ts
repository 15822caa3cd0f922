/** docs/roles.md, from the table. `npx vitest run --project unit lib/access/roles-page.test.ts --update` writes it anew. */
import { ACTIONS, type Action, type Kind, ROLES, rowOf } from './role-table.ts'
import { SWITCHABLE } from './switch-names.ts'

const HEADINGS: Record<Kind, [title: string, line: string]> = {
  look: ['Looking', 'Changes nothing anybody else could notice. No switch stops it.'],
  tell: ['Handing out', 'Says who somebody is, or takes data away. Goes on while Matchdesk is read-only.'],
  own: ["One's own", 'Changes what belongs to the one who does it.'],
  act: ['Acting', 'Changes what others have: tickets, environments, people.'],
  switch: ['The switches', 'The brake itself. Nothing stops it.'],
}

function section(kind: Kind): string {
  const [title, line] = HEADINGS[kind]
  const rows = ACTIONS.filter((action) => rowOf(action)?.kind === kind).map(tableRow)
  return [
    `### ${title}`,
    '',
    line,
    '',
    `| To … | ${ROLES.join(' | ')} | |`,
    `| --- | ${ROLES.map(() => ':-:').join(' | ')} | --- |`,
    ...rows,
    '',
  ].join('\n')
}

function tableRow(action: Action): string {
  const { spoken, pairs, localOnly } = rowOf(action) as NonNullable<ReturnType<typeof rowOf>>
  const cells = pairs.map((pair) => (pair.split('/')[0] === pair.split('/')[1] ? pair[0] : pair.replace('/', ' / ')))
  return `| ${spoken}${localOnly ? ' ¹' : ''} | ${cells.join(' | ')} | \`${action}\` |`
}

export function rolesPage(): string {
  return `# Who may do what

This page is made from \`lib/access/role-table.ts\`, which is also what the server and the screens ask. A test holds the two
together. \`lib/access/golden/role-matrix.txt\` has the same, worked out for every kind of environment.

A person has one of five roles: **viewer**, **support**, **qa**, **operator**, **admin**. What is not in the tables is
denied, and so is whatever cannot be judged: an unknown role, an unknown action, a database that does not answer.

## How an environment is protected

| Protection | What it means |
| --- | --- |
| \`open\` | The mark before the stroke. For engines on one's own machine and for development. |
| \`guarded\` | The same, but everybody who acts says why: where an open environment asks nothing of somebody who acts, a guarded one asks for a reason. For what a team shares. |
| \`protected\` | The mark after the stroke. For production. |

An environment whose AWS account is listed in \`MATCHDESK_PRODUCTION_ACCOUNTS\` (twelve digits each, separated by commas) is
protected, whatever its settings say. Its own account counts, and those of its two roles. With such a list, an environment
on AWS that names no account at all is protected too. Queues and topics do not count: events may come by way of another
account. Whoever Matchdesk is there by a profile or by the machine's own credentials is not known before GameLift is asked:
give such an environment its account.

## The marks

| Mark | What is asked |
| :-: | --- |
| ● | nothing but the click |
| ◐ | a reason, 1 to 500 characters; it stays in the audit trail |
| ▲ | a reason, and a word typed: the name of the environment, or of the switch |
| ② | all that, and a second person who approves it |
| – | it is refused, and the control says so and who can |

One mark alone holds everywhere; \`a / b\` is open and guarded environments, then protected ones. What belongs to no
environment, such as people and switches, is judged in the built-in one, \`local\`.

${(Object.keys(HEADINGS) as Kind[]).map((kind) => `${section(kind)}`).join('\n')}
¹ Only our own engine can do it. There is no such call to GameLift, so it is refused in every environment on AWS, whoever
asks.

## What is not there yet

- **A second person.** Nobody can be asked to approve yet, so ② is refused, with a sentence that says so. Two actions that
  could be done before are not lost for that: turning automatic backfill off and changing environments are ▲ in protected
  environments until then.
- **A fresh sign-in.** ▲ means besides that somebody signed in less than ten minutes ago. Sessions do not know how old
  their sign-in is, so it is not asked yet. It belongs in \`missingGrounds\` in \`lib/access/grounds.ts\`, beside the typed
  word: the one place that actions and routes go through.
- **Roles for one environment.** A role holds in every environment.
- **Masked players.** Whoever may view tickets sees who the players are; \`player.unmask\` and
  \`export.unmasked\` decide about nothing yet.
- **Rows ahead of what they are about.** Starting tickets, validating rule sets, the lab's forces and clock, saved views, API
  tokens, people and erasing have their rows, and no screen yet.

## Reasons and confirmations

The server asks, not only the dialog: an action without what its mark asks for is refused, has no effect and leaves a row
in the audit trail. The reason is in that row (\`input.reason\`), for the click and not for each call it makes. A route that
hands out data takes the reason from its address (\`?reason=\`).

## Switches

\`/environments/switches\` stops one action, or all of them (read-only), for everybody, in every environment and whatever
their role. Operators and administrators turn a switch on; no reason is needed, there may be no time. Only administrators
turn it off, with a reason and its name typed. Every page says while something is stopped. A switch holds on every replica
at once, or within two seconds when the hint of it is lost; while it cannot be read nothing is changed. It stops also what was
begun before, at its next call to GameLift.

Read-only goes on reading events and asking GameLift about tickets: only what people do through Matchdesk stops.
\`MATCHDESK_READ_ONLY=1\` starts Matchdesk so, and then no screen ends it.

What can be stopped alone: ${SWITCHABLE.map((action) => `\`${action}\``).join(', ')}.
`
}
