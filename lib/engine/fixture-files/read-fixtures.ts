import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { type CreateOperation, FixtureError, type FixtureResource, type Fixtures, type Place } from './fixtures.ts'
import { DOCUMENT_TYPES, readDocument, readText } from './read-document.ts'
import { objectAt, readResource, refuseUnknown } from './read-resource.ts'

/** In the order in which they are created: each may name those before it. */
const KINDS: readonly { list: string; folder: string; operation: CreateOperation }[] = [
  { list: 'queues', folder: 'queues', operation: 'CreateGameSessionQueue' },
  { list: 'ruleSets', folder: 'rule-sets', operation: 'CreateMatchmakingRuleSet' },
  { list: 'configurations', folder: 'configurations', operation: 'CreateMatchmakingConfiguration' },
]
const KNOWN = ['options', 'clock', ...KINDS.map(({ list }) => list)]
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/

/**
 * Reads a YAML or JSON file, or a folder: `fixtures.yaml` (or .yml, .json) in it and a file for each resource in
 * `rule-sets` (the body itself), `configurations` and `queues`, named after the resource. All of it is checked as far as
 * that can be done without an engine. Throws FixtureError.
 */
export async function readFixtures(fileOrFolder: string): Promise<Fixtures> {
  if (!statSync(fileOrFolder, { throwIfNoEntry: false })?.isDirectory()) return readFixtureFile(fileOrFolder)
  const [main, ...others] = filesIn(fileOrFolder).filter((file) => path.parse(file).name === 'fixtures')
  if (others[0]) throw new FixtureError({ file: others[0], path: '' }, `stands beside ${main}; there can be one.`)
  const fixtures: Fixtures = main ? await readFixtureFile(main) : { options: null, clock: {}, resources: [] }
  for (const { folder, operation } of KINDS) {
    for (const file of filesIn(path.join(fileOrFolder, folder))) {
      fixtures.resources.push(await readResourceFile(operation, file))
    }
  }
  if (!main && fixtures.resources.length === 0) {
    const folders = KINDS.map(({ folder }) => `${folder}/`).join(', ')
    throw new FixtureError({ file: fileOrFolder, path: '' }, `holds neither fixtures.yaml nor files in ${folders}.`)
  }
  return { ...fixtures, resources: inOrder(fixtures.resources) }
}

async function readFixtureFile(file: string): Promise<Fixtures> {
  if (!DOCUMENT_TYPES.includes(path.extname(file))) {
    throw new FixtureError({ file, path: '' }, `must end in ${DOCUMENT_TYPES.join(', ')}, or be a folder.`)
  }
  const whole = { file, path: '' }
  const document = objectAt((await readDocument(file)) ?? {}, whole)
  refuseUnknown(document, KNOWN, whole)
  const resources: FixtureResource[] = []
  for (const { list, operation } of KINDS) {
    const values = document[list] ?? []
    if (!Array.isArray(values)) throw new FixtureError({ file, path: list }, 'must be a list.')
    for (const [index, value] of values.entries()) {
      resources.push(readResource(operation, value, { file, path: `${list}[${index}]` }))
    }
  }
  const at = { file, path: 'options' }
  return {
    options: document.options == null ? null : { patch: objectAt(document.options, at), place: at },
    clock: readClock(document.clock, { file, path: 'clock' }),
    resources: inOrder(resources),
  }
}

function readClock(value: unknown, place: Place): Fixtures['clock'] {
  if (value == null) return {}
  const { mode, startAt } = typeof value === 'string' ? { mode: value, startAt: undefined } : clockMembers(value, place)
  if (mode !== undefined && mode !== 'running' && mode !== 'paused') {
    throw new FixtureError(place, `mode must be running or paused, not ${JSON.stringify(mode)}.`)
  }
  if (startAt === undefined) return { ...(mode && { mode }) }
  const startAtMs = typeof startAt === 'string' && ISO.test(startAt) ? Date.parse(startAt) : Number.NaN
  if (!(startAtMs > 0)) {
    throw new FixtureError(place, 'startAt must be an ISO time with its zone, such as 2026-01-01T00:00:00Z.')
  }
  return { ...(mode && { mode }), startAtMs }
}

function clockMembers(value: unknown, place: Place): { mode?: unknown; startAt?: unknown } {
  const members = objectAt(value, place)
  refuseUnknown(members, ['mode', 'startAt'], place)
  return members
}

/** The file's name is the resource's, unless it says another. A rule set's file is its body. */
async function readResourceFile(operation: CreateOperation, file: string): Promise<FixtureResource> {
  const place = { file, path: '' }
  const Name = path.parse(file).name
  if (operation === 'CreateMatchmakingRuleSet') {
    if (path.extname(file) !== '.json') throw new FixtureError(place, 'must be a .json file, the body of a rule set.')
    return readResource(operation, { Name, RuleSetBody: readText(file) }, place)
  }
  return readResource(operation, { Name, ...objectAt(await readDocument(file), place) }, place)
}

/** Of a folder that need not exist, in the order of their names. Hidden files and .md files are not looked at. */
function filesIn(folder: string): string[] {
  const found = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder, { withFileTypes: true })
    : []
  const files = found.filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.md'))
  return files
    .map(({ name }) => path.join(folder, name))
    .sort()
    .filter((file) => DOCUMENT_TYPES.includes(path.extname(file)) || refuseType(file))
}

function refuseType(file: string): never {
  throw new FixtureError({ file, path: '' }, `must end in ${DOCUMENT_TYPES.join(', ')}.`)
}

/** Throws FixtureError when two have one name. */
function inOrder(resources: readonly FixtureResource[]): FixtureResource[] {
  const places = new Map<string, Place>()
  for (const { operation, name, place } of resources) {
    const key = `${operation} ${name}`
    const first = places.get(key)
    if (first)
      throw new FixtureError(place, `${name} is there already, in ${first.file}${first.path && `: ${first.path}`}.`)
    places.set(key, place)
  }
  return KINDS.flatMap(({ operation }) => resources.filter((resource) => resource.operation === operation))
}
