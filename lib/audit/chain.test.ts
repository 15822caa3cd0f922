import { createHash, createHmac, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { auditKey, BEGINNING, digestOf, isSigned, keyed, linkOf, signHead } from './chain.ts'
import { headText, parseHead } from './head.ts'

const key = auditKey('k'.repeat(32))
const other = auditKey('o'.repeat(32))
it('is HMAC-SHA256 as everybody else has it', () => {
  const bytes = createHash('sha256')
    .update(`matchdesk audit ${'k'.repeat(32)}`)
    .digest()
  for (const parts of [[], ['a', 1], ['ü'.repeat(200), 'b']]) {
    expect(keyed(key, parts)).toEqual(createHmac('sha256', bytes).update(JSON.stringify(parts)).digest())
  }
})

it('covers the row, the kind and the key in a digest', () => {
  const digest = digestOf(key, 'intent', 1, 'a')
  expect(digestOf(key, 'intent', 2, 'a')).not.toEqual(digest)
  expect(digestOf(key, 'outcome', 1, 'a')).not.toEqual(digest)
  expect(digestOf(other, 'intent', 1, 'a')).not.toEqual(digest)
})

it('covers every member of an entry, and the one before, in a link', () => {
  const entry = { seq: 1, auditId: 1, kind: 'intent', digest: randomBytes(32), sealedAt: 5 } as const
  const link = linkOf(key, BEGINNING, entry)
  const changes = [
    { seq: 2 },
    { auditId: 2 },
    { kind: 'outcome' as const },
    { digest: randomBytes(32) },
    { sealedAt: 6 },
  ]
  for (const change of changes) expect(linkOf(key, BEGINNING, { ...entry, ...change })).not.toEqual(link)
  expect(linkOf(key, randomBytes(32), entry)).not.toEqual(link)
  expect(linkOf(other, BEGINNING, entry)).not.toEqual(link)
})

it('knows its own signature, and no other', () => {
  const head = signHead(key, { seq: 7, link: randomBytes(32), signedAt: 1_000 })
  expect(isSigned(key, head)).toBe(true)
  expect(isSigned(other, head)).toBe(false)
  for (const change of [{ seq: 6 }, { link: randomBytes(32) }, { signedAt: 999 }, { signature: randomBytes(32) }]) {
    expect(isSigned(key, { ...head, ...change })).toBe(false)
  }
})

it('writes a head in one line that reads back', () => {
  const head = signHead(key, { seq: 7, link: randomBytes(32), signedAt: 1_000 })
  expect(parseHead(headText(head))).toEqual(head)
  for (const text of ['', 'head', headText(head).slice(1, -1), `${headText(head)}0`]) expect(parseHead(text)).toBeNull()
})
