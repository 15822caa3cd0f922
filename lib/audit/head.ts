/** Where the signed end of the chain is kept: in the database, and in a file beside it that a cut of both would have to reach. */
import fs from 'node:fs'
import path from 'node:path'
import type { Queryable } from '#lib/db/pool.ts'
import { BEGINNING, type SignedHead } from './chain.ts'

/** null before the first signature. */
export async function readHead(db: Queryable, options: { forUpdate?: true } = {}): Promise<SignedHead | null> {
  const { rows } = await db.query<{
    seq: number
    link: Buffer
    key_id: string | null
    signed_at: Date | null
    signature: Buffer | null
  }>(`select seq, link, key_id, signed_at, signature from audit_head ${options.forUpdate ? 'for update' : ''}`)
  const row = rows[0]
  if (!row) throw new AuditProblem('The row of audit_head is gone, so nobody can tell how far the audit chain went.')
  if (row.key_id === null || row.signed_at === null || row.signature === null) {
    if (row.seq === 0 && row.link.equals(BEGINNING)) return null
    throw new AuditProblem('The head of the audit chain has lost its signature.')
  }
  return {
    seq: row.seq,
    link: row.link,
    keyId: row.key_id,
    signedAt: row.signed_at.getTime(),
    signature: row.signature,
  }
}

/** The chain is not as it was left. The message says what. */
export class AuditProblem extends Error {
  override name = 'AuditProblem'
}

export async function writeHead(db: Queryable, head: SignedHead): Promise<void> {
  const { rowCount } = await db.query(
    'update audit_head set seq = $1, link = $2, key_id = $3, signed_at = $4, signature = $5',
    [head.seq, head.link, head.keyId, new Date(head.signedAt), head.signature],
  )
  if (rowCount !== 1) throw new Error(`The head of the audit chain was written to ${rowCount} rows.`)
}

const headFile = (dataDir: string) => path.join(dataDir, 'audit-head')

/** The last head this machine signed. null where it signed none. Throws AuditProblem for a file that is not one. */
export function readHeadFile(dataDir: string): SignedHead | null {
  let text: string
  try {
    text = fs.readFileSync(headFile(dataDir), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const head = parseHead(text.trim())
  if (!head) throw new AuditProblem(`${headFile(dataDir)} is not a signed head of the audit chain.`)
  return head
}

/** Whole or not at all: it is written beside and then takes the place. */
export function writeHeadFile(dataDir: string, head: SignedHead): void {
  const file = headFile(dataDir)
  fs.mkdirSync(dataDir, { recursive: true })
  fs.writeFileSync(`${file}.new`, `${headText(head)}\n`, { mode: 0o600 })
  fs.renameSync(`${file}.new`, file)
}

/** One line for files, logs and the command line: it holds no secret. */
export function headText({ seq, link, signedAt, keyId, signature }: SignedHead): string {
  return [seq, link.toString('hex'), signedAt, keyId, signature.toString('hex')].join(':')
}

/** null for a text that is not one. */
export function parseHead(text: string): SignedHead | null {
  const parts = /^(\d{1,15}):([0-9a-f]{64}):(\d{1,15}):([0-9a-f]{16}):([0-9a-f]{64})$/.exec(text)
  if (!parts) return null
  const [, seq = '', link = '', signedAt = '', keyId = '', signature = ''] = parts
  return {
    ...{ seq: Number(seq), link: Buffer.from(link, 'hex'), signedAt: Number(signedAt) },
    ...{ keyId, signature: Buffer.from(signature, 'hex') },
  }
}
