/** Nothing can be reached without a guard: every route file and every server action is found and looked at. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

/** Routes that decide for themselves who may ask. Each is here for the reason beside it. */
const UNGUARDED_ROUTES: Record<string, { exports: string[]; because: string }> = {
  'app/api/health/route.ts': {
    exports: ['GET'],
    because: 'asked by machines before anybody is signed in; tells only ok',
  },
  'app/api/ingest/[environment]/route.ts': {
    exports: ['POST'],
    because: 'senders of events prove themselves by a secret',
  },
  'app/api/ingest/[environment]/sns/route.ts': {
    exports: ['POST'],
    because: 'SNS proves itself by a signature, and its topic must be one of the environment',
  },
  'app/api/ingest/[environment]/eventbridge/route.ts': {
    exports: ['POST'],
    because: 'EventBridge proves itself by a secret of the environment',
  },
  'app/sign-in/route.ts': { exports: ['GET'], because: 'is where a session begins' },
}
/** Pages and layouts are shown through guardedPage; what needs nobody to be signed in is named here. */
const UNGUARDED_PAGES = new Set(['app/layout.tsx'])

const source = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
const files = (pattern: string) => globSync(pattern, { exclude: ['node_modules/**', '.next/**'] }).sort()
/** `export const GET = …`, `export async function GET`, `export { x as GET }` and re-exports all count. */
function exportsOf(text: string): string[] {
  const declared = [...text.matchAll(/export\s+(?:async\s+)?(?:const|let|var|function\*?|class)\s+(\w+)/g)].map(
    (m) => m[1] ?? '',
  )
  const listed = [...text.matchAll(/export\s*\{([^}]*)\}/g)].flatMap((m) =>
    (m[1] ?? '').split(',').map(
      (part) =>
        part
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
    ),
  )
  if (/export\s*\*/.test(text)) listed.push('*')
  if (/export\s+default/.test(text)) listed.push('default')
  return [...declared, ...listed.filter(Boolean)]
}

it('every route handler is built by guardedRoute or is on the written list', () => {
  const routes = files('app/**/route.{ts,tsx,js,mjs}')
  expect(routes.length).toBeGreaterThan(5)
  for (const file of routes) {
    const text = source(file)
    const names = exportsOf(text)
    const exception = UNGUARDED_ROUTES[file]
    if (exception) {
      expect(names, file).toEqual(exception.exports)
      continue
    }
    // Reads only: what changes something is a server action.
    expect(names, file).toEqual(['GET'])
    expect(text, file).toMatch(/export const GET = guardedRoute\(/)
    expect(text, file).toMatch(/import \{[^}]*\bguardedRoute\b[^}]*\} from '#lib\/access\/guard\.ts'/)
  }
  expect(Object.keys(UNGUARDED_ROUTES).filter((file) => !existsSync(file))).toEqual([])
})

it('every server action begins with runAction', () => {
  const marked = files('{app,components,lib}/**/*.{ts,tsx}').filter((file) => /['"]use server['"]/.test(source(file)))
  expect(marked).toContain('lib/tickets/actions.ts')
  for (const file of marked) {
    const text = source(file)
    // At the top of a file only: an action inside a component would escape this test.
    expect(text.trimStart(), file).toMatch(/^['"]use server['"]/)
    expect(text.match(/['"]use server['"]/g), file).toHaveLength(1)
    const actions = exportsOf(text)
    const guarded = [
      ...text.matchAll(
        /export async function (\w+)\(input: unknown\)[^{]*(?:<\{[^}]*\}>)?[^{]*\{\s*return runAction\(/g,
      ),
    ]
    expect(
      guarded.map((match) => match[1]),
      file,
    ).toEqual(actions)
  }
})

it('every page and layout is shown through guardedPage', () => {
  const unguarded = files('app/**/{page,layout,template,default}.{ts,tsx}').filter(
    (file) => !/\bawait guardedPage\(/.test(source(file)),
  )
  expect(unguarded.filter((file) => !UNGUARDED_PAGES.has(file))).toEqual([])
})

it('no proxy stands in for access control, and the door can know nobody', () => {
  expect(files('{proxy,middleware,app/proxy,src/proxy}.{ts,js,mjs}')).toEqual([])
  const door = files('lib/web/*.ts').filter((file) => !file.endsWith('.test.ts'))
  expect(door).toContain('lib/web/door.ts')
  const imports = door.flatMap((file) => [...source(file).matchAll(/from '([^']+)'/g)].map(([, from]) => from))
  const outside = [...new Set(imports)].filter((from) => !from?.startsWith('./') && !from?.startsWith('node:'))
  // Names of cookies, and no page's content: neither can look anybody up.
  expect(outside.sort()).toEqual(['#lib/access/origin.ts', '#lib/access/plain-page.ts'])
})

it('what is answered before the door is there runs no script and is framed by nobody', async () => {
  const { default: config } = (await import(path.resolve('next.config.js'))) as {
    default: { headers(): Promise<{ source: string; headers: { key: string; value: string }[] }[]> }
  }
  const [rule, ...others] = await config.headers()
  expect(others).toEqual([])
  const covers = (address: string) => new RegExp(`^${rule?.source}$`).test(address)
  expect(['/', '/local/tickets/a', '/api/local/tickets', '/_next/static/x.js'].every(covers)).toBe(true)
  expect(covers('/sign-in')).toBe(false)
  const headers = Object.fromEntries(rule?.headers.map(({ key, value }) => [key, value]) ?? [])
  expect(headers['Content-Security-Policy']).toContain("script-src 'none'")
  expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'")
  expect(headers).toMatchObject({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin' })
})
