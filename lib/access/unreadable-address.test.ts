import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { answerUnreadable } from './unreadable-address.ts'

const AT = 'http://127.0.0.1:3000'
/** Cut off, no UTF-8, overlong, half of a surrogate pair, no hexadecimal digits. */
const UNREADABLE = ['%E0%A4%A', '%', '%2', '%zz', '%FF', '%C0%80', '%ED%A0%80', 'a%E0%A4']
const READABLE = ['', 'local', 'local/tickets/100%25', 'local/sessions/arn%3Aaws%2Fx', 'local/tickets/%E0%A4%A9', '%00']

describe('an address', () => {
  it.each(UNREADABLE)('with %s in it is a 400 with words, as a page and as a route', async (part) => {
    const page = answerUnreadable(`${AT}/local/tickets/${part}`)
    expect(page?.status).toBe(400)
    expect(await page?.text()).toContain('This address cannot be read')
    const route = answerUnreadable(`${AT}/api/local/tickets/${part}?x=1`)
    expect(route?.status).toBe(400)
    expect(await route?.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } })
  })

  it.each(READABLE)('that is %s is left to its page', (path) => {
    expect(answerUnreadable(`${AT}/${path}?q=%E0%A4%A`)).toBeNull()
  })

  it('is looked at only where it may be unreadable', async () => {
    const { config } = await import(pathToFileURL(path.resolve('proxy.ts')).href)
    const looked = new RegExp(`^${config.matcher}$`)
    for (const part of UNREADABLE) expect(`/local/tickets/${part}`).toMatch(looked)
    for (const path of ['local/tickets/t-1', 'local/sessions/arn%3Aaws%2Fx']) expect(`/${path}`).not.toMatch(looked)
  })
})
