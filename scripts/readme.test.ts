import fs from 'node:fs'
import { expect, it } from 'vitest'

const SOURCES = ['lib/settings.ts', 'lib/engine/settings.ts', 'scripts/test-programs.mjs']

it('lists every setting in the README, and no other', () => {
  const read = SOURCES.flatMap((file) =>
    [...fs.readFileSync(file, 'utf8').matchAll(/\benv(?:\.|,\s*')([A-Z][A-Z_]+)|const name = '([A-Z][A-Z_]+)'/g)].map(
      (match) => match[1] ?? match[2],
    ),
  )
  const ofTheSystem = new Set(['PATH'])
  const listed = [...fs.readFileSync('README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1])
  expect(listed.toSorted()).toEqual([...new Set(read)].filter((name) => !ofTheSystem.has(String(name))).toSorted())
})

it('shows links that lead somewhere', () => {
  for (const page of ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'CHANGELOG.md']) {
    const links = [...fs.readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) =>
      String(match[1]),
    )
    for (const link of links.filter((link) => link !== 'public/screenshot.png')) {
      expect(fs.existsSync(link), `${page} links to ${link}`).toBe(true)
    }
  }
})

it('names files in the recipes and tables that exist', () => {
  for (const page of ['CONTRIBUTING.md', 'ARCHITECTURE.md']) {
    const named = [...fs.readFileSync(page, 'utf8').matchAll(/`((?:lib|app|components|scripts|e2e|docs)\/[^`<\s]*)`/g)]
    for (const [, file = ''] of named) expect(fs.existsSync(file), `${page} names ${file}`).toBe(true)
  }
})
