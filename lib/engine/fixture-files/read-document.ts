import { readFileSync } from 'node:fs'
import path from 'node:path'
import { FixtureError } from './fixtures.ts'

export const DOCUMENT_TYPES = ['.json', '.yaml', '.yml']

/** The value of a JSON or YAML file. Throws FixtureError with the line of what cannot be read. */
export async function readDocument(file: string): Promise<unknown> {
  const text = readText(file)
  if (path.extname(file) !== '.json') return readYaml(file, text)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FixtureError({ file, path: '' }, `is not JSON: ${(error as Error).message}`)
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new FixtureError({ file, path: '' }, code === 'ENOENT' ? 'There is no such file.' : message)
  }
}

async function readYaml(file: string, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml') // an engine without YAML files starts without its parser
  const document = parseDocument(text, { prettyErrors: true })
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem) throw new FixtureError({ file, path: '' }, `is not YAML: ${problem.message.trim()}`)
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new FixtureError({ file, path: '' }, `is not YAML: ${(error as Error).message}`)
  }
}
