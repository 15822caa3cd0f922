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

it('says in docs/operations.md what each warning and error of a web process means', () => {
  const documented = fs.readFileSync('docs/operations.md', 'utf8')
  const messages = ['app', 'lib'].flatMap(sourcesBelow).flatMap((file) => {
    const source = fs.readFileSync(file, 'utf8')
    return [...source.matchAll(/level: '(?:warning|error)',\s*message: '([^']+)'/g)].map(([, message]) =>
      String(message),
    )
  })
  expect(messages.length).toBeGreaterThan(15)
  for (const message of new Set(messages)) {
    const [words = ''] = message.split(';')
    expect(documented, `docs/operations.md does not have the message "${message}"`).toContain(words)
  }
})

it('says in docs/operations.md what the header of a page can say', () => {
  const source = fs.readFileSync('components/frame/live-status.tsx', 'utf8')
  const texts = [...source.matchAll(/text: ['`]([^'`$]+)/g)].map(([, text]) => String(text).trim())
  expect(texts.length).toBeGreaterThanOrEqual(5)
  const documented = fs.readFileSync('docs/operations.md', 'utf8')
  for (const text of texts) expect(documented, `docs/operations.md does not have "${text}"`).toContain(text)
})

function sourcesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
}
