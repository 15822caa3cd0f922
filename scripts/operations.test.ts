import fs from 'node:fs'
import { expect, it } from 'vitest'

it('says in docs/operations.md what each alarm of the overview means', () => {
  const sources = ['lib/tickets/attention.ts', 'lib/replicas/heartbeat.ts'].map((file) => fs.readFileSync(file, 'utf8'))
  const texts = sources.flatMap((source) =>
    [...source.matchAll(/(?:text:|text =|return) (?:`([^`\n]+)`|'([^'\n]+)')/g)].map(
      ([, template, plain]) => template ?? plain,
    ),
  )
  const alarms = texts.filter((text): text is string => text !== undefined && text.split(' ').length > 3)
  expect(alarms.length).toBeGreaterThanOrEqual(9)
  const documented = fs.readFileSync('docs/operations.md', 'utf8')
  for (const alarm of alarms) {
    // The first three words that stand together whatever the numbers are.
    const fixed = alarm.split(/\$\{[^}]*\}/).find((part) => part.trim().split(' ').length >= 3)
    const words = (fixed ?? '').replace(/^\W+/, '').split(' ').slice(0, 3).join(' ')
    expect(documented, `docs/operations.md does not have "${words}" of: ${alarm}`).toContain(words)
  }
})
