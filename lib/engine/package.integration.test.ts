/** The package for game teams, as they get it: packed, installed without a network, used by the tests of the documentation. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { findBoto3 } from './conformance/boto3-client.ts'

const python = findBoto3()
const database = testDatabase()
const root = mkdtempSync(path.join(tmpdir(), 'matchdesk-package-'))
const project = path.join(root, 'game')
const env = { ...process.env, npm_config_cache: path.join(root, 'npm-cache'), DATABASE_URL: '' }

function run(cwd: string, file: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status ?? error}:\n${stdout}${stderr}`)
  return stdout + stderr
}

let tarball = ''
beforeAll(() => {
  run('.', 'npm', 'run', 'pack-engine', '--', '--pack-destination', root)
  tarball = path.join(root, readdirSync(root).find((name) => name.endsWith('.tgz')) ?? '')
  mkdirSync(project)
  cpSync('docs/examples', project, { recursive: true })
  writeFileSync(path.join(project, 'package.json'), '{"name":"game","private":true,"type":"module"}')
  run(project, 'npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball)
})

describe('the package for game teams', () => {
  it('is small, brings nothing else along, and holds no TypeScript, which Node would refuse there', () => {
    expect(statSync(tarball).size).toBeLessThan(500_000)
    expect(readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'matchdesk',
    ])
    const code = readdirSync(path.join(project, 'node_modules/matchdesk/dist'))
    expect(code.filter((name) => !name.endsWith('.js'))).toEqual([])
    const licences = readFileSync(path.join(project, 'node_modules/matchdesk/THIRD-PARTY-LICENSES'), 'utf8')
    expect(licences).toMatch(/^cborg\n[\s\S]*^yaml\n/m)
  })

  it('says what is missing where there is no PostgreSQL driver', () => {
    expect(() => run(project, 'node_modules/.bin/matchdesk', 'engine', '--database-url', 'postgres://h/d')).toThrow(
      'ended with 2:\nThe npm package pg is missing, which PostgreSQL is reached by: npm install pg, or say --memory.',
    )
    expect(() => run(project, 'node_modules/.bin/matchdesk', 'engine')).toThrow('There is no place to keep the data: ')
  })

  it('runs the documented test with the JavaScript SDK', () => {
    symlinkSync(path.resolve('node_modules/@aws-sdk'), path.join(project, 'node_modules/@aws-sdk'))
    expect(run(project, process.execPath, '--test', 'matchmaking.test.mjs')).toMatch(/^\S* ?(ℹ|#) pass 2$/m)
  })

  it('runs the documented test with boto3', ({ skip }) => {
    if (!python) return skip('boto3 is not installed')
    expect(run(project, python, '-m', 'unittest', 'test_matchmaking')).toMatch(/^Ran 2 tests[\s\S]*^OK$/m)
  })

  it('makes its tables in a PostgreSQL and keeps its data there', async () => {
    for (const name of readdirSync('node_modules').filter((found) => /^(pg|postgres|xtend|split2)/.test(found))) {
      symlinkSync(path.resolve('node_modules', name), path.join(project, 'node_modules', name))
    }
    await database.db.query('drop schema engine cascade; delete from schema_migrations')
    await database.db.query('drop schema public cascade; create schema public')
    const args = ['engine', '--database-url', database.url, '--port', '0', '--config', 'fixtures.yaml']
    const engine = spawn('node_modules/.bin/matchdesk', args, { cwd: project, env })
    let said = ''
    engine.stderr.on('data', (chunk) => {
      said += chunk
    })
    const [line] = await Promise.race([once(engine.stdout, 'data'), once(engine, 'exit').then(() => [said])])
    expect(String(line)).toMatch(/^engine ready http:/)
    engine.kill()
    expect((await once(engine, 'exit'))[0]).toBe(0)
    const { rows } = await database.db.query('select count(*)::int as n from engine.journal')
    expect(rows[0].n).toBeGreaterThan(0)
  })
})
