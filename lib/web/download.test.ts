import { expect, it } from 'vitest'
import { downloadHeaders, fileName } from './download.ts'

const AT = new Date('2026-11-21T03:40:05.123Z')

it.each([
  [['tickets', 'local'], 'tickets-local-2026-11-21T034005Z.csv'],
  [['tickets', '../../etc/passwd'], 'tickets-etc-passwd-2026-11-21T034005Z.csv'],
  [['tickets', 'a"; filename="evil.exe'], 'tickets-a-filename-evil-exe-2026-11-21T034005Z.csv'],
  [['tickets', 'a\r\nset-cookie: x=1'], 'tickets-a-set-cookie-x-1-2026-11-21T034005Z.csv'],
  [['tickets', 'Zo\u00eb \u202egnp.exe \u{1f3ae}'], 'tickets-zo-gnp-exe-2026-11-21T034005Z.csv'],
  [['', '...', 'CON'], 'con-2026-11-21T034005Z.csv'],
  [['x'.repeat(500)], `${'x'.repeat(60)}-2026-11-21T034005Z.csv`],
])('a file of %j has a name of letters, digits and hyphens', (parts, name) => {
  expect(fileName(parts, AT, 'csv')).toBe(name)
})

it('a download is kept as a file and taken for nothing else', () => {
  expect(downloadHeaders('a.json', 'json')).toEqual({
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="a.json"',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
})
