/**
 * Sealing: what is committed to the trail gets its entry in the chain a moment later, by whichever process holds the
 * lease. An action never waits for it.
 */
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import {
  type AuditKey,
  BEGINNING,
  digestOf,
  type Entry,
  isSigned,
  linkOf,
  type SignedHead,
  sameBytes,
  signHead,
} from './chain.ts'
import { contentSql, type LinkKind } from './content.ts'
import { AuditProblem, readHead, writeHead } from './head.ts'

/** In one transaction. */
const MOST_AT_ONCE = 500
/** With nothing new it is signed again this often: a head that is older tells that nobody seals. */
export const SIGN_EVERY_MS = 60_000

export interface Sealed {
  /** Entries added. */
  added: number
  more: boolean
  /** null while there is nothing to sign again. */
  head: SignedHead | null
}

/**
 * Adds what waits to the chain and signs its end, in one transaction. `known` is a head kept elsewhere: a chain that does
 * not reach it was cut. Throws AuditProblem, and adds nothing, where the chain is not as it was left: what was tampered with
 * must not get a fresh signature.
 */
export async function seal(db: Db, key: AuditKey, known: SignedHead | null, now: Date): Promise<Sealed> {
  if (!(await isDue(db, now))) return { added: 0, more: false, head: null }
  return inTransaction(db, async (tx) => {
    const before = await readHead(tx, { forUpdate: true })
    await requireAsLeft(tx, key, before, known)
    const waiting = await readWaiting(tx)
    const entries: (Entry & { link: Buffer })[] = []
    let link = before?.link ?? BEGINNING
    let seq = before?.seq ?? 0
    for (const { auditId, kind, content } of waiting) {
      const digest = digestOf(key, kind, auditId, content)
      const entry: Entry = { seq: ++seq, auditId, kind, digest, sealedAt: now.getTime() }
      link = linkOf(key, link, entry)
      entries.push({ ...entry, link })
    }
    await addEntries(tx, entries)
    await takeOff(
      tx,
      waiting.map(({ unsealedId }) => unsealedId),
    )
    const head = signHead(key, { seq, link, signedAt: now.getTime() })
    await writeHead(tx, head)
    return { added: entries.length, more: entries.length === MOST_AT_ONCE, head }
  })
}

async function isDue(db: Db, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>(
    `select exists (select from audit_unsealed)
       or not exists (select from audit_head where signed_at > $1) as due`,
    [new Date(now.getTime() - SIGN_EVERY_MS)],
  )
  return rows[0]?.due ?? true
}

async function requireAsLeft(
  tx: Transaction,
  key: AuditKey,
  head: SignedHead | null,
  known: SignedHead | null,
): Promise<void> {
  if (head && head.keyId !== key.id) {
    throw new AuditProblem(
      'The audit chain was made with another key. Give every process the same MATCHDESK_AUDIT_KEY, the one it was begun with.',
    )
  }
  if (head && !isSigned(key, head)) throw new AuditProblem('The signature of the audit chain does not fit its head.')
  const { rows } = await tx.query<{ seq: number; link: Buffer }>(
    'select seq, link from audit_links order by seq desc limit 1',
  )
  const last = rows[0]
  if ((last?.seq ?? 0) !== (head?.seq ?? 0) || (last && head && !sameBytes(last.link, head.link))) {
    throw new AuditProblem(
      `The audit chain ends with entry ${last?.seq ?? 0}, and its signed head is entry ${head?.seq ?? 0}.`,
    )
  }
  if (known && isSigned(key, known)) {
    const { rows } = await tx.query<{ link: Buffer }>('select link from audit_links where seq = $1', [known.seq])
    if (known.seq > 0 && !(rows[0] && sameBytes(rows[0].link, known.link))) {
      throw new AuditProblem(
        `Entry ${known.seq} of the audit chain was signed here and is not there any more as it was. After a restore that you made yourself, remove the file audit-head in the data folder.`,
      )
    }
  }
}

interface Waiting {
  unsealedId: number
  auditId: number
  kind: LinkKind
  content: string
}

/** What waits and is there. A queued row that is gone stays queued: the check of the chain names it. */
async function readWaiting(tx: Transaction): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting>(
    `select u.unsealed_id as "unsealedId", u.audit_id as "auditId", u.kind, ${contentSql('u.kind')} as content
     from audit_unsealed u left join audit a using (audit_id)
     where a.audit_id is not null or u.kind = 'removal'
     order by u.unsealed_id limit ${MOST_AT_ONCE}`,
  )
  return rows
}

async function addEntries(tx: Transaction, entries: readonly (Entry & { link: Buffer })[]): Promise<void> {
  if (entries.length === 0) return
  const { rowCount } = await tx.query(
    `insert into audit_links (seq, audit_id, kind, digest, link, sealed_at)
     select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::timestamptz[])`,
    [
      entries.map(({ seq }) => seq),
      entries.map(({ auditId }) => auditId),
      entries.map(({ kind }) => kind),
      entries.map(({ digest }) => digest),
      entries.map(({ link }) => link),
      entries.map(({ sealedAt }) => new Date(sealedAt)),
    ],
  )
  if (rowCount !== entries.length) throw new Error(`${rowCount} of ${entries.length} audit entries were added.`)
}

async function takeOff(tx: Transaction, unsealedIds: readonly number[]): Promise<void> {
  if (unsealedIds.length === 0) return
  const { rowCount } = await tx.query('delete from audit_unsealed where unsealed_id = any($1)', [unsealedIds])
  if (rowCount !== unsealedIds.length) throw new Error(`${rowCount} of ${unsealedIds.length} rows left the queue.`)
}
