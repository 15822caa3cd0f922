/** Requests and texts that were made to get in, to get out or to break what they meet. The corpora are in `lib/web/corpora`. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { openSession } from '#lib/access/sessions.ts'
import { MARKUP } from '#lib/web/corpora/markup.ts'
import { BYPASSES } from '#lib/web/corpora/proxy-bypass.ts'
import { INJECTIONS } from '#lib/web/corpora/sql.ts'
import { TRAVERSALS } from '#lib/web/corpora/traversals.ts'
import { rawHttp } from '#lib/web/testing/raw-http.ts'
import { deliverSearching } from './events.ts'
import { expect, test } from './fixtures.ts'
import { ownMatchdesk } from './own-matchdesk.ts'
import { heading } from './screen.ts'

const served = () => process.env.E2E_BASE_URL ?? ''
const healthy = async () => (await fetch(`${served()}/api/health`)).status
const canary = () => `canary-${randomUUID()}`

test('nothing walks around the checks', async () => {
  test.setTimeout(120_000)
  const ticketId = canary()
  await deliverSearching({ ticketId, configuration: ticketId, startedAt: new Date(), playerIds: [ticketId] })
  expect(BYPASSES.length).toBeGreaterThanOrEqual(40)
  for (const [headers, path] of BYPASSES) {
    for (const method of ['GET', 'POST']) {
      const what = `${method} ${path} ${JSON.stringify(headers)}`
      const answer = await rawHttp(served(), { method, path, headers: { cookie: 'a=b', ...headers } }, 5_000)
      expect(answer.status, what).not.toBe(101)
      expect(answer.body, what).not.toContain(ticketId)
      expect(answer.body, what).not.toMatch(/canary-|MATCHDESK_|DATABASE_URL|root:x:/)
      if (answer.status === 200)
        expect(answer.body, what).toMatch(/"status":"ok"|<title>Sign in|^\S*\/sign-in|NEXT_REDIRECT/)
      const location = answer.headers.get('location')
      if (location) expect(new URL(location, served()).origin, what).toBe(served())
    }
  }
  expect(await healthy()).toBe(200)
})

test('a name in an address leads to nothing but what has that name', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/local')
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  expect(TRAVERSALS.length).toBeGreaterThanOrEqual(80)
  for (const name of TRAVERSALS) {
    for (const written of [name, encodeURIComponent(name)]) {
      for (const path of [
        `/api/local/tickets/${written}`,
        `/api/local/matches/${written}`,
        `/api/${written}/tickets`,
        `/api/local/tickets?cursor=${written}`,
        `/api/local/exports/tickets?format=${written}`,
        `/_next/static/${written}`,
      ]) {
        const sent = path.replaceAll(/[\s|`]/g, encodeURIComponent)
        const { status, body } = await rawHttp(served(), { path: sent, headers: { cookie } })
        const led = path.startsWith('/api/local/tickets?') ? [200, 400] : [400, 404, 308]
        expect(led, `${sent} ${body.slice(0, 200)}`).toContain(status)
        expect(body, sent).not.toMatch(/root:.*:0:0|"dependencies"|MATCHDESK_/)
      }
    }
  }
})

test('what looks like SQL is a text like any other', async ({ page, db }) => {
  test.setTimeout(120_000)
  await page.goto('/local')
  expect(INJECTIONS.length).toBeGreaterThanOrEqual(200)
  const count = async () =>
    (await db.query('select (select count(*) from people) as people, (select count(*) from audit) as audit')).rows[0]
  const before = await count()
  for (const text of INJECTIONS) {
    const written = encodeURIComponent(text)
    for (const query of [
      `tickets?ticketId=${written}&tab=all`,
      `tickets?playerId=${written}`,
      `tickets?cursor=${written}`,
      `tickets?order=${written}&kind=${written}&tab=${written}&minAgeSeconds=${written}`,
      `search?q=${written}`,
      `tickets/${written}`,
    ]) {
      const began = performance.now()
      const answer = await page.request.get(`/api/local/${query}`)
      expect([200, 400, 404], `${query} ${await answer.text()}`).toContain(answer.status())
      expect(performance.now() - began, query).toBeLessThan(3_000)
    }
  }
  expect(await count()).toEqual(before)
})

test('bodies that are no call of an action are refused, and nothing breaks', async ({ db }) => {
  test.setTimeout(180_000)
  const { rows } = await db.query<{ person_id: string }>(
    `insert into people (name, role) values ($1, 'admin') returning person_id`,
    [canary()],
  )
  // Floods are counted by session, and this is none.
  let cookie = ''
  const anew = async () => {
    const { sessionId } = await openSession(db, rows[0]?.person_id ?? '', new Date())
    cookie = `matchdesk-${new URL(served()).port}=${sessionId}`
  }
  const manifest = JSON.parse(fs.readFileSync('.next/server/server-reference-manifest.json', 'utf8')) as {
    node: Record<string, unknown>
  }
  const ids = Object.keys(manifest.node)
  const pick = <T>(list: readonly T[]) => list[randomInt(list.length)] as T
  const words = [
    '$1:__proto__:then',
    '$@0',
    '$F1',
    '$K1',
    '$B0',
    '$Q0',
    '$W0',
    '$i0',
    '$1:constructor:constructor',
    '$R0',
    '$r0',
  ]
  const bodies = [
    () => randomBytes(randomInt(1, 2_000)),
    () => `["${pick(words)}"]`,
    () => `[{"then":"${pick(words)}","status":"resolved_model","value":"{\\"then\\":\\"${pick(words)}\\"}"}]`,
    () => `${'['.repeat(randomInt(1, 60_000))}`,
    () => `[${'{"a":'.repeat(randomInt(17, 5_000))}`,
    () => `--x\r\ncontent-disposition: form-data; name="0"\r\n\r\n["${pick(words)}"]\r\n--x--\r\n`,
    () => `--x\r\ncontent-disposition: form-data; name="$ACTION_ID_${pick(ids)}"\r\n\r\n\r\n--x--\r\n`,
    () =>
      `--x\r\ncontent-disposition: form-data; name="$ACTION_REF_1"\r\n\r\n\r\n--x\r\ncontent-disposition: form-data; name="$ACTION_1:0"\r\n\r\n{"id":"${pick(ids)}","bound":"$@1"}\r\n--x--\r\n`,
    () => JSON.stringify([{ requestId: 'x'.repeat(randomInt(1, 100_000)) }]).slice(0, -randomInt(1, 5)),
  ]
  const types = [
    'text/plain;charset=UTF-8',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json',
    '',
    'text/plain',
  ]
  for (let n = 0; n < 5_000; n++) {
    if (n % 50 === 0) await anew()
    const body = pick(bodies)()
    const began = performance.now()
    const answer = await rawHttp(served(), {
      method: 'POST',
      path: pick(['/local', '/local/tickets', '/', '/environments']),
      headers: {
        ...(n % 5 === 0 ? {} : { 'next-action': pick([...ids, 'x'.repeat(42), '__proto__', '40'.repeat(21)]) }),
        'content-type': pick(types),
        origin: served(),
        cookie,
      },
      body,
    })
    expect(performance.now() - began).toBeLessThan(2_000)
    if (answer.status === 200) {
      // Of a form or of JSON no page makes anything: it shows itself. An action says that it did nothing.
      expect(answer.body.includes('"success":true'), String(body).slice(0, 300)).toBe(false)
    }
    expect(answer.status, String(body).slice(0, 300)).not.toBe(500)
  }
  expect(await healthy()).toBe(200)
})

test('texts that would be markup are shown as they are, wherever they are shown', async ({ page, context }) => {
  test.setTimeout(120_000)
  expect(MARKUP.length).toBeGreaterThanOrEqual(150)
  const found: string[] = []
  page.on('dialog', (dialog) => {
    found.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await context.exposeBinding('tellViolation', (_, text: string) => void found.push(text))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      ;(window as unknown as { tellViolation(text: string): void }).tellViolation(`${effectiveDirective} ${blockedURI}`)
    })
  })
  const ticketId = `markup-${randomUUID()}`
  const players = MARKUP.map((text) => `${text} ${randomUUID().slice(0, 4)}`)
  const configuration = ticketId
  await deliverSearching({ ticketId, configuration, startedAt: new Date(), playerIds: players })
  for (const address of [
    `/local/tickets/${ticketId}`,
    `/local/tickets?tab=all&ticketId=${ticketId}`,
    '/local',
    ...players.slice(0, 10).map((player) => `/local/tickets?tab=all&playerId=${encodeURIComponent(player)}`),
    ...MARKUP.slice(0, 10).map((text) => `/local/tickets/${encodeURIComponent(text)}`),
    ...MARKUP.slice(0, 5).map((text) => `/local/sessions/${encodeURIComponent(text)}`),
    ...MARKUP.slice(0, 5).map((text) => `/local/tickets?tab=all&configuration=${encodeURIComponent(text)}`),
    ...MARKUP.slice(0, 5).map((text) => `/${encodeURIComponent(text)}`),
  ]) {
    await page.goto(address)
    await expect(heading(page), address).toBeVisible()
  }
  await page.goto(`/local/tickets/${ticketId}`)
  await expect(heading(page)).toContainText(ticketId)
  await expect.poll(async () => (await page.locator('body').innerText()).includes('alert(1)')).toBe(true)
  const shown = await page.locator('body').evaluate((body) => body.textContent ?? '')
  // Some are cut or folded away; those that are whole are as they came.
  expect(players.filter((player) => shown.includes(player)).length).toBeGreaterThan(0)
  expect(found).toEqual([])
})

test('no secret comes out: not in pages, answers, streams, exports, errors or the log', async ({ browser }) => {
  test.setTimeout(180_000)
  const secrets = {
    AWS_ACCESS_KEY_ID: 'AKIACANARYCANARY1234',
    AWS_SECRET_ACCESS_KEY: 'CanarySecretKey/abcdefghijklmnopqrstuvwx',
    AWS_SESSION_TOKEN: 'CanarySessionTokenabcdefghijklmnop',
    MATCHDESK_INGEST_SECRET: 'CanaryIngestSecretabcdefghijklmnop',
    MATCHDESK_AUDIT_KEY: 'CanaryAuditKeyabcdefghijklmnopqrstuvwxyz',
  }
  const own = await ownMatchdesk(browser, 'canaries', secrets)
  const [session] = (await own.context.cookies()).filter(({ name }) => name.startsWith('matchdesk-'))
  const never = [...Object.values(secrets), String(session?.value)]
  const look = (text: string, where: string) => {
    for (const secret of never) expect(text.includes(secret), `${where} holds ${secret.slice(0, 12)}…`).toBe(false)
  }
  const manifest = JSON.parse(fs.readFileSync('.next/app-path-routes-manifest.json', 'utf8')) as Record<string, string>
  for (const route of new Set(Object.values(manifest))) {
    const path = `${route.replace('[environment]', 'local').replaceAll(/\[[^\]]+\]/g, 'any')}${route.includes('/exports/') ? '?format=json' : ''}`
    const headers = { cookie: `${session?.name}=${session?.value}` }
    for (const more of [{}, { rsc: '1' }] as Record<string, string>[]) {
      const answer = await rawHttp(
        own.baseUrl,
        { path, headers: { ...headers, ...more } },
        route === '/api/live' ? 500 : 10_000,
      )
      look(answer.body, `GET ${path}`)
      look(JSON.stringify([...answer.headers]), `the headers of GET ${path}`)
    }
  }
  const ingest = `${own.baseUrl}/api/ingest/local`
  const sent = { 'x-matchdesk-secret': secrets.MATCHDESK_INGEST_SECRET }
  look(await (await fetch(ingest, { method: 'POST', headers: sent, body: '{' })).text(), 'an error')
  await fetch(`${own.baseUrl}/sign-in?token=${String(session?.value)}`)
  for (const file of fs.globSync('.next/static/**/*.*')) look(fs.readFileSync(file, 'latin1'), file)
  await own.end()
  look(own.log(), 'the log')
})
