/**
 * Run by `npm pack`: turns the engine into JavaScript, because Node strips types nowhere below node_modules. What it needs
 * of other packages goes in, all but the PostgreSQL driver, so that installing it brings nothing else along.
 */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const CLONE = path.resolve(HERE, '../..')
/** Their code is in the bundle, so their licences come with it. */
const BUNDLED = ['cborg', 'yaml']

const clone = JSON.parse(fs.readFileSync(path.join(CLONE, 'package.json'), 'utf8'))
const own = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'))
if (own.version !== clone.version) throw new Error(`The package is ${own.version}, Matchdesk ${clone.version}.`)

for (const name of ['dist', 'db', 'docs']) fs.rmSync(path.join(HERE, name), { recursive: true, force: true })
const bundle = await rolldown({
  input: {
    matchdesk: path.join(CLONE, 'scripts/matchdesk.mjs'),
    engine: path.join(CLONE, 'lib/engine/main.ts'),
    'snapshot-process': path.join(CLONE, 'lib/engine/journal/snapshot-process.ts'),
  },
  cwd: CLONE,
  platform: 'node',
  external: ['pg'],
})
// All in one folder: the engine finds its migrations in a folder beside that of its code.
const { output } = await bundle.write({
  dir: path.join(HERE, 'dist'),
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  comments: false,
})
requireKnown(output)
fs.cpSync(path.join(CLONE, 'lib/db/migrations'), path.join(HERE, 'db/migrations'), { recursive: true })
fs.copyFileSync(path.join(CLONE, 'LICENSE'), path.join(HERE, 'LICENSE'))
for (const name of ['testing-your-game.md', 'examples']) {
  fs.cpSync(path.join(CLONE, 'docs', name), path.join(HERE, 'docs', name), { recursive: true })
}
fs.writeFileSync(path.join(HERE, 'THIRD-PARTY-LICENSES'), BUNDLED.map(licenceOf).join('\n\n'))

/** A package that slipped in would come without its licence. */
function requireKnown(chunks) {
  const modules = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
  const packages = modules.map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1]).filter(Boolean)
  const unknown = packages.find((name) => !BUNDLED.includes(name))
  if (unknown) throw new Error(`The engine's bundle holds ${unknown}; say so in BUNDLED, or keep it out.`)
}

function licenceOf(name) {
  const folder = path.join(CLONE, 'node_modules', name)
  const file = fs.readdirSync(folder).find((found) => /^licen[cs]e/i.test(found))
  return `${name}\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}`
}
