/** docs/engine-options.md as it has to be. */
import { NO_OPTION, OPTION_NOTES } from '#lib/engine/core/option-notes.ts'
import { DEFAULT_OPTIONS, type OptionPath } from '#lib/engine/core/options.ts'

const BECAUSE = { disagree: 'Sources disagree. ', open: 'Undocumented. ', emulated: '' }

export function optionPage(): string {
  const rows = Object.entries(OPTION_NOTES).map(([path, { values, decides, because, why }]) =>
    row([
      `\`${path}\``,
      `\`${JSON.stringify(defaultOf(path as OptionPath))}\``,
      values,
      decides,
      BECAUSE[because] + why,
    ]),
  )
  return `# Options of the local engine

<!-- Made from lib/engine/core/option-notes.ts: vitest run --project unit lib/engine/core/option-notes -u -->

Where GameLift's behaviour is undocumented, where its sources disagree, and where this engine emulates what it does not
have, there is an option. \`GET /lab/options\` shows those in force, \`PATCH /lab/options\` changes any of them while the
engine runs:

\`\`\`sh
curl -s -X PATCH http://127.0.0.1:9080/lab/options -H 'content-type: application/json' \\
  -d '{"acceptance":{"pendingTickets":"requeue"},"events":{"repeatPercent":10,"shuffleMs":500}}'
\`\`\`

A change is an entry of the journal: it is kept, and a replay sees it at the same moment.

${[row(['Option', 'Default', 'Values', 'What it decides', 'Why there is one']), row(Array(5).fill('---')), ...rows].join('\n')}

## Settled without an option

${[
  row(['Point', 'What the engine does', 'Why there is no option']),
  row(Array(3).fill('---')),
  ...NO_OPTION.map((cells) => row([...cells])),
].join('\n')}
`
}

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function defaultOf(path: OptionPath): unknown {
  const [group = '', inner] = path.split('.')
  const value = (DEFAULT_OPTIONS as unknown as Record<string, unknown>)[group]
  return inner === undefined ? value : (value as Record<string, unknown>)[inner]
}
