import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRuntime } from './runtime.ts'

const ANSWER_WITHIN_MS = 2_000

/** 200 when this process can do its work; 503 naming the part that cannot. Says nothing that a stranger could use. */
export async function healthOf(): Promise<Response> {
  const parts = { database: 'ok', live: 'ok' }
  try {
    const { db, live } = await getRuntime()
    const slow = sleep(ANSWER_WITHIN_MS, 'slow', { ref: false })
    const answer = await Promise.race([
      db.query('select 1').then(
        () => 'ok',
        () => 'unreachable',
      ),
      slow,
    ])
    if (answer !== 'ok') parts.database = answer
    if (!live.isListening()) parts.live = 'reconnecting'
  } catch {
    parts.database = 'not started' // the start itself has said why, in the log
  }
  const failing = Object.entries(parts).find(([, state]) => state !== 'ok')
  const body = failing ? { status: 'unavailable', failing: failing[0], parts } : { status: 'ok', parts }
  return Response.json(body, { status: failing ? 503 : 200, headers: { 'cache-control': 'no-store' } })
}
