import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { missingPackages } from './installed.mjs'

type Entry = { version: string; integrity?: string; dev?: boolean; optional?: boolean; os?: string[]; cpu?: string[] }

function folder(wanted: Record<string, Entry>, installed: Record<string, Entry>): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'matchdesk-installed-'))
  const at = (entries: Record<string, Entry>) =>
    JSON.stringify({ packages: Object.fromEntries(Object.entries(entries).map(([k, v]) => [`node_modules/${k}`, v])) })
  for (const name of Object.keys(installed)) {
    fs.mkdirSync(path.join(root, 'node_modules', name), { recursive: true })
    fs.writeFileSync(path.join(root, 'node_modules', name, 'package.json'), '{}')
  }
  fs.mkdirSync(path.join(root, 'node_modules'), { recursive: true })
  fs.writeFileSync(path.join(root, 'package-lock.json'), at(wanted))
  fs.writeFileSync(path.join(root, 'node_modules/.package-lock.json'), at(installed))
  return root
}

it('misses a package that is absent, of another version, or whose files are gone', () => {
  const one = { version: '1.0.0', integrity: 'sha512-a' }
  const root = folder(
    { absent: one, older: one, gone: one, there: one },
    { older: { ...one, version: '0.9.0' }, gone: one, there: one },
  )
  fs.rmSync(path.join(root, 'node_modules/gone'), { recursive: true })
  expect(missingPackages({ root, dev: true })).toEqual(['absent', 'older', 'gone'])
})

it('leaves development packages out unless they are asked for', () => {
  const root = folder({ vitest: { version: '1.0.0', dev: true } }, {})
  expect(missingPackages({ root, dev: false })).toEqual([])
  expect(missingPackages({ root, dev: true })).toEqual(['vitest'])
})

it('wants the optional packages of this platform and no other', () => {
  const optional = { version: '1.0.0', optional: true }
  const root = folder(
    {
      ours: { ...optional, os: [process.platform], cpu: [process.arch] },
      'another-system': { ...optional, os: ['plan9'] },
      'not-ours': { ...optional, os: [`!${process.platform}`] },
      'of-another': optional,
    },
    {},
  )
  expect(missingPackages({ root, dev: true })).toEqual(['ours'])
})
