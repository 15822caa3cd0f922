/** The YAML file of environments, read once at start: what it lists is managed by it, and by nobody on screen. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { en } from 'zod/locales'
import * as z from 'zod/mini'
import { SettingsError } from '#lib/settings.ts'
import { requireAllowedEndpoint, resolveIfThere } from './address-guard.ts'
import { DEFAULT_ENVIRONMENT } from './environment.ts'
import { EnvironmentInput, LocalInput } from './environment-input.ts'

z.config(en())
const SETTING = 'MATCHDESK_ENVIRONMENTS'
const File = z.strictObject({ environments: z.record(z.string(), z.looseObject({})) })

/** Throws a SettingsError that names the file and everything that is wrong in it. */
export async function readEnvironmentsFile(file: string): Promise<EnvironmentInput[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new SettingsError(`${SETTING}: ${file} cannot be read: ${(error as Error).message}.`)
  }
  const found = environmentsIn(text, file)
  for (const each of found) {
    if (each.name === DEFAULT_ENVIRONMENT) continue // its endpoint is our engine, whatever the row holds
    await requireAllowedEndpoint(each, resolveIfThere).catch((error: Error) => {
      throw new SettingsError(`${SETTING}: ${file} is wrong:\n  environments.${each.name}.endpoint: ${error.message}`)
    })
  }
  return found
}

export function environmentsIn(text: string, file: string): EnvironmentInput[] {
  let given: unknown
  try {
    given = parse(text)
  } catch (error) {
    throw new SettingsError(`${SETTING}: ${file} is not YAML: ${(error as Error).message.split('\n')[0]}`)
  }
  const problems: string[] = []
  const note = ({ issues }: z.core.$ZodError, ...above: string[]) => {
    for (const { path, message } of issues) problems.push(`${[...above, ...path].join('.')}: ${message}`)
  }
  const found: EnvironmentInput[] = []
  const whole = z.safeParse(File, given)
  if (!whole.success) note(whole.error)
  // As given: zod passes over a member called __proto__ in silence.
  const all = whole.success ? (given as z.infer<typeof File>).environments : {}
  for (const [name, each] of Object.entries(all)) {
    const read =
      name === DEFAULT_ENVIRONMENT ? readLocal(each) : z.safeParse(EnvironmentInput, { label: name, ...each, name })
    if (read.success) found.push(read.data)
    else note(read.error, 'environments', name)
  }
  if (problems.length > 0) throw new SettingsError(`${SETTING}: ${file} is wrong:\n  ${problems.join('\n  ')}`)
  return found
}

/** What it is stays what the engine is; the row must only hold something. */
function readLocal(given: object) {
  const read = z.safeParse(LocalInput, { label: 'Local engine', ...given })
  if (!read.success) return read
  const name = DEFAULT_ENVIRONMENT
  return z.safeParse(EnvironmentInput, {
    ...read.data,
    name,
    kind: 'local',
    region: 'us-east-1',
    endpoint: 'http://local',
  })
}
