/**
 * The chain over the audit trail: what each entry covers and what signs its end. Everything is keyed, so that whoever can
 * write to the database but does not have the key can neither recompute it nor try out what an erased text was.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { LinkKind } from './content.ts'

/** Made from the secret once: see `auditKey`. */
export interface AuditKey {
  /** What RFC 2104 puts before the text, inside and outside. */
  inner: Buffer
  outer: Buffer
  /** Tells keys apart without telling anything about them. */
  id: string
}

export interface Entry {
  /** 1 for the first, without gaps. */
  seq: number
  auditId: number
  kind: LinkKind
  digest: Buffer
  /** Epoch ms. */
  sealedAt: number
}

/** How far the chain goes. */
export interface Head {
  seq: number
  link: Buffer
  /** Epoch ms. */
  signedAt: number
}
export interface SignedHead extends Head {
  keyId: string
  signature: Buffer
}

/** What the first entry follows. */
export const BEGINNING = Buffer.alloc(32)

export function auditKey(secret: string): AuditKey {
  const bytes = hash('sha256', `matchdesk audit ${secret}`, 'buffer')
  const padded = (pad: number) => Buffer.alloc(64, pad).map((byte, at) => byte ^ (bytes[at] ?? 0)) as Buffer
  const pads = { inner: padded(0x36), outer: padded(0x5c) }
  return { ...pads, id: keyed(pads, ['key']).toString('hex').slice(0, 16) }
}

/** HMAC-SHA256 over a list of texts, which JSON writes in one way only. By hand: `createHmac` takes five times as long. */
export function keyed(
  { inner, outer }: Pick<AuditKey, 'inner' | 'outer'>,
  parts: readonly (string | number)[],
): Buffer {
  const within = hash('sha256', Buffer.concat([inner, Buffer.from(JSON.stringify(parts))]), 'buffer')
  return hash('sha256', Buffer.concat([outer, within]), 'buffer')
}

/** `content` is what `contentSql` gives. */
export function digestOf(key: AuditKey, kind: LinkKind, auditId: number, content: string): Buffer {
  return keyed(key, ['content', kind, auditId, content])
}

export function linkOf(key: AuditKey, before: Buffer, { seq, auditId, kind, digest, sealedAt }: Entry): Buffer {
  return keyed(key, ['link', before.toString('hex'), seq, auditId, kind, digest.toString('hex'), sealedAt])
}

export function signHead(key: AuditKey, head: Head): SignedHead {
  return { ...head, keyId: key.id, signature: signatureOf(key, head) }
}

export function isSigned(key: AuditKey, head: SignedHead): boolean {
  return head.keyId === key.id && sameBytes(signatureOf(key, head), head.signature)
}

function signatureOf(key: AuditKey, { seq, link, signedAt }: Head): Buffer {
  return keyed(key, ['head', seq, link.toString('hex'), signedAt])
}

export function sameBytes(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
