/**
 * Whether the trail is what was sealed: the chain is walked from its first entry, every row it covers is read, its signed
 * end is compared, and rows that no entry covers are looked for. In pages, so that any length takes the same memory.
 */
import { type Db, inTransaction, type Transaction } from '#lib/db/pool.ts'
import { type AuditKey, BEGINNING, digestOf, isSigned, linkOf, type SignedHead, sameBytes } from './chain.ts'
import { contentSql, type LinkKind } from './content.ts'
import { AuditProblem, readHead } from './head.ts'

const PAGE = 2_000
const ROWS_AT_ONCE = 10_000

export interface Check {
  /** Entries walked, up to the first bad one. */
  entries: number
  /** When the last of them was sealed, epoch ms; null without any. */
  sealedUpTo: number | null
  /** Committed and not sealed yet. */
  waiting: number
  erased: number
  removed: number
  /** null when everything is as it was sealed. */
  bad: BadRow | null
}
export interface BadRow {
  /** The row of `audit`, where one can be named. */
  auditId: number | null
  /** The entry of the chain, where one can be named. */
  seq: number | null
  /** A sentence that names both. */
  what: string
}

/** `known` are heads that were kept outside the database: the chain must still reach each of them. Throws AnotherKey. */
export async function verifyAudit(
  db: Db,
  key: AuditKey,
  options: { known?: readonly SignedHead[]; onProgress?: (entries: number) => void } = {},
): Promise<Check> {
  const check: Check = { entries: 0, sealedUpTo: null, waiting: 0, erased: 0, removed: 0, bad: null }
  return inTransaction(db, async (tx) => {
    // One moment for all pages, however many are sealed meanwhile.
    await tx.query('set transaction isolation level repeatable read, read only')
    const heads = [...(options.known ?? [])]
    try {
      const head = await readHead(tx)
      if (head) heads.push(head)
      else await requireNoEntries(tx)
      for (const each of heads) requireSigned(key, each)
      await walk(tx, key, heads, check, options.onProgress)
      await findRowsOutside(tx)
      check.waiting = await countWaiting(tx)
    } catch (error) {
      if (error instanceof Tampered) check.bad = error.bad
      else if (error instanceof AuditProblem) check.bad = { auditId: null, seq: null, what: error.message }
      else throw error
    }
    return check
  })
}

class Tampered extends Error {
  readonly bad: BadRow
  constructor(bad: BadRow) {
    super(bad.what)
    this.bad = bad
  }
}
function bad(auditId: number | null, seq: number | null, what: string): Tampered {
  return new Tampered({ auditId, seq, what })
}

async function requireNoEntries(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<{ seq: number; audit_id: number }>('select seq, audit_id from audit_links limit 1')
  if (rows[0]) throw bad(rows[0].audit_id, rows[0].seq, 'The chain has entries, and its signed head is gone.')
}

function requireSigned(key: AuditKey, head: SignedHead): void {
  if (isSigned(key, head)) return
  if (head.keyId !== key.id) {
    throw new AnotherKey(
      `Entry ${head.seq} of the chain was signed with another key (${head.keyId}, this is ${key.id}), so nothing can be said of it. Check MATCHDESK_AUDIT_KEY.`,
    )
  }
  throw bad(null, head.seq, `The signature of the head at entry ${head.seq} is wrong: the head was changed.`)
}

/** Says nothing about the trail: the check could not be made. */
export class AnotherKey extends Error {
  override name = 'AuditProblem'
}

interface WalkedEntry {
  seq: number
  auditId: number
  kind: LinkKind
  digest: Buffer
  link: Buffer
  sealedAt: number
  there: boolean
  /** A later entry says that the row was erased or removed. */
  replaced: boolean
  content: string
}

async function walk(
  tx: Transaction,
  key: AuditKey,
  heads: readonly SignedHead[],
  check: Check,
  onProgress: ((entries: number) => void) | undefined,
): Promise<void> {
  let link: Buffer = BEGINNING
  let before: WalkedEntry | null = null
  for (;;) {
    const page: WalkedEntry[] = await readEntries(tx, check.entries)
    for (const entry of page) {
      checkEntry(key, link, before, entry)
      for (const head of heads) checkHead(head, entry)
      link = entry.link
      before = entry
      check.entries = entry.seq
      check.sealedUpTo = entry.sealedAt
      if (entry.kind === 'erasure') check.erased++
      if (entry.kind === 'removal') check.removed++
    }
    onProgress?.(check.entries)
    if (page.length < PAGE) break
  }
  const furthest = Math.max(0, ...heads.map(({ seq }) => seq))
  if (furthest > check.entries) {
    throw bad(
      null,
      check.entries + 1,
      `The chain ends with entry ${check.entries}${before ? ` (audit row ${before.auditId})` : ''}, and entry ${furthest} was signed: what came after is cut off, first entry ${check.entries + 1}.`,
    )
  }
}

function checkEntry(key: AuditKey, link: Buffer, before: WalkedEntry | null, entry: WalkedEntry): void {
  const { seq, auditId, kind, digest, there, replaced } = entry
  const expected = (before?.seq ?? 0) + 1
  if (seq !== expected) {
    const after = before ? `after audit row ${before.auditId}` : 'at the beginning'
    throw bad(null, expected, `Entry ${expected} of the chain is gone, ${after} and before audit row ${auditId}.`)
  }
  if (!sameBytes(linkOf(key, link, entry), entry.link)) {
    throw bad(auditId, seq, `Entry ${seq} of the chain, for audit row ${auditId}, was changed.`)
  }
  if (kind === 'removal') {
    if (there) throw bad(auditId, seq, `Audit row ${auditId} was removed by entry ${seq}, and is there.`)
    if (!sameBytes(digestOf(key, kind, auditId, ''), digest)) throw changed(auditId, seq, kind)
    return
  }
  if (replaced) return // what stands there now is covered by the later entry
  if (!there) throw bad(auditId, seq, `Audit row ${auditId} is gone. Entry ${seq} of the chain has it.`)
  if (!sameBytes(digestOf(key, kind, auditId, entry.content), digest)) {
    throw changed(auditId, seq, kind)
  }
}

function changed(auditId: number, seq: number, kind: LinkKind): Tampered {
  const part = kind === 'outcome' ? 'The outcome of audit row' : 'Audit row'
  return bad(auditId, seq, `${part} ${auditId} was changed after entry ${seq} of the chain sealed it.`)
}

function checkHead(head: SignedHead, { seq, link, auditId }: WalkedEntry): void {
  if (head.seq === seq && !sameBytes(head.link, link)) {
    throw bad(auditId, seq, `Entry ${seq} of the chain, for audit row ${auditId}, is not the one that was signed.`)
  }
}

async function readEntries(tx: Transaction, after: number): Promise<WalkedEntry[]> {
  const { rows } = await tx.query<WalkedEntry>(
    // `offset 0` keeps the page together before the joins, whatever the planner thinks of them.
    `select l.seq, l.audit_id as "auditId", l.kind, l.digest, l.link,
            (extract(epoch from l.sealed_at) * 1000)::bigint as "sealedAt", a.audit_id is not null as there,
            exists (select from audit_links later where later.audit_id = l.audit_id and later.seq > l.seq
                    and later.kind in ('erasure', 'removal')) as replaced,
            ${contentSql('l.kind')} as content
     from (select * from audit_links where seq > $1 order by seq limit ${PAGE} offset 0) l
     left join audit a on a.audit_id = l.audit_id
     order by l.seq`,
    [after],
  )
  return rows
}

/** A row, or an outcome, that the chain does not have and that does not wait for it came in behind its back. */
async function findRowsOutside(tx: Transaction): Promise<void> {
  let after: number | string = '-9223372036854775808'
  for (;;) {
    const found = await lookAtRows(tx, after)
    if (found.last === null) break
    const { row_outside: row, outcome_outside: outcome } = found
    if (row !== null && (outcome === null || row <= outcome)) {
      throw bad(row, null, `Audit row ${row} is not in the chain: it was not written by Matchdesk.`)
    }
    if (outcome !== null) {
      throw bad(outcome, null, `The outcome of audit row ${outcome} is not in the chain: Matchdesk did not write it.`)
    }
    after = found.last
  }
  const { rows } = await tx.query<{ audit_id: number }>(
    `select audit_id from audit_unsealed where kind <> 'removal'
       and not exists (select from audit where audit.audit_id = audit_unsealed.audit_id)
     order by unsealed_id limit 1`,
  )
  const gone = rows[0]?.audit_id
  if (gone !== undefined) throw bad(gone, null, `Audit row ${gone} was written, and is gone before it was sealed.`)
}

/** Few: whoever seals takes them within a second. Counted up to a bound all the same. */
async function countWaiting(tx: Transaction): Promise<number> {
  const { rows } = await tx.query<{ waiting: number }>(
    `select count(*) as waiting from (select from audit_unsealed limit ${ROWS_AT_ONCE}) as page`,
  )
  return rows[0]?.waiting ?? 0
}

interface LookedAt {
  /** null when there are no rows any more. */
  last: number | null
  row_outside: number | null
  outcome_outside: number | null
}
async function lookAtRows(tx: Transaction, after: number | string): Promise<LookedAt> {
  const { rows } = await tx.query<LookedAt>(
    `with page as (select audit_id, outcome from audit where audit_id > $1 order by audit_id limit ${ROWS_AT_ONCE})
     select max(audit_id) as last,
            min(audit_id) filter (where not has_intent) as row_outside,
            min(audit_id) filter (where outcome is not null and not has_outcome) as outcome_outside
     from (
       select audit_id, outcome,
              exists (select from audit_links l where l.audit_id = page.audit_id and l.kind = 'intent')
                or audit_id in (select audit_id from audit_unsealed where kind = 'intent') as has_intent,
              exists (select from audit_links l where l.audit_id = page.audit_id and l.kind = 'outcome')
                or audit_id in (select audit_id from audit_unsealed where kind = 'outcome') as has_outcome
       from page
     ) as looked_at`,
    [after],
  )
  return rows[0] ?? { last: null, row_outside: null, outcome_outside: null }
}
