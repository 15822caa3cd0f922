/** Beside answering: one of the replicas seals what comes, and walks the whole chain a few times a day. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from '#lib/db/leases.ts'
import type { Db } from '#lib/db/pool.ts'
import type { AuditKey, SignedHead } from './chain.ts'
import { isCheckDue, noteCheck } from './check.ts'
import { headText, readHeadFile, writeHeadFile } from './head.ts'
import { seal } from './seal.ts'
import { verifyAudit } from './verify.ts'

const SEAL_EVERY_MS = 1_000
const CHECK_EVERY_MS = 6 * 3_600_000
const ASK_FOR_CHECK_EVERY_MS = 60_000
/** How often a head goes to the log, where a cut of database and file together would still be found. */
const LOG_HEAD_EVERY_MS = 3_600_000
/** A process that is asked to end has 2 s. */
const LAST_SEAL_MS = 800

export interface KeepingChain {
  db: Db
  leases: Leases
  key: AuditKey
  /** Where a copy of the signed head is kept. */
  dataDir: string
  /** Says a head for whoever keeps logs. */
  onHead(head: string): void
  /** The chain is not what was sealed. */
  onTampered(what: string): void
  /** It could not be walked now. */
  onProblem(error: unknown): void
}

export function startKeepingChain({ db, leases, key, dataDir, onHead, onTampered, onProblem }: KeepingChain): {
  stop(): Promise<void>
} {
  let known: SignedHead | null = null
  let loggedAt = 0
  let checking: Promise<void> | null = null
  let askForCheckAt = 0

  /** Returns whether more waits. */
  async function sealSome(): Promise<boolean> {
    known ??= readHeadFile(dataDir)
    const { head, more } = await seal(db, key, known, new Date())
    if (head === null) return false
    known = head
    writeHeadFile(dataDir, head)
    if (head.signedAt - loggedAt > LOG_HEAD_EVERY_MS) {
      loggedAt = head.signedAt
      onHead(headText(head))
    }
    return more
  }

  async function checkWhenDue(): Promise<void> {
    if (!(await isCheckDue(db, CHECK_EVERY_MS, new Date()))) return
    const check = await verifyAudit(db, key, { known: known ? [known] : [] })
    await noteCheck(db, check, new Date())
    if (check.bad) onTampered(check.bad.what)
  }

  return leases.keep('audit', async (signal) => {
    while (!signal.aborted) {
      while (await sealSome());
      if (checking === null && Date.now() >= askForCheckAt) {
        askForCheckAt = Date.now() + ASK_FOR_CHECK_EVERY_MS
        // Not awaited: nobody's action stays unsealed while a long chain is walked.
        checking = checkWhenDue()
          .catch(onProblem)
          .finally(() => {
            checking = null
          })
      }
      await sleep(SEAL_EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
    }
    // What was done until now is sealed before the process ends, where that takes no time.
    await Promise.race([sealSome().catch(() => {}), sleep(LAST_SEAL_MS, undefined, { ref: false })])
  })
}
