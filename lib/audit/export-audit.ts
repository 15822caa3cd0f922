/** The trail as a file: written page by page while it is read, so that any length takes the same memory. */
import { randomUUID } from 'node:crypto'
import type { Person } from '#lib/access/sessions.ts'
import type { Db } from '#lib/db/pool.ts'
import { type Environment, effectiveProtection } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { csvLine } from '#lib/web/csv.ts'
import { type AuditFilter, auditFilterQuery, type FullAuditRow, readAuditFilter, readFullPage } from './list-audit.ts'
import { recordEvent } from './record-event.ts'

const COLUMNS = [
  ...['auditId', 'at', 'finishedAt', 'person', 'personId', 'role', 'environment', 'protection', 'action', 'target'],
  ...['outcome', 'code', 'message', 'reason', 'requestId', 'step', 'input', 'data', 'before', 'after'],
] as const satisfies readonly (keyof FullAuditRow)[]

/** Records that it is taken, by whom and with which filter, and then hands it out. `search` is that of the page, and `format`. */
export async function exportAudit(
  db: Db,
  person: Person,
  environment: Environment,
  search: URLSearchParams,
  signal: AbortSignal,
): Promise<Response> {
  const format = search.get('format')
  if (format !== 'csv' && format !== 'json') throw new AppError('INVALID_INPUT', 'format: it must be csv or json.')
  const filter: AuditFilter = { ...readAuditFilter(Object.fromEntries(search)), cursor: null }
  const now = new Date()
  const auditId = await recordEvent(
    db,
    {
      ...{ person, environment: environment.name, protection: effectiveProtection(environment) },
      ...{ action: 'audit.export', target: null, requestId: randomUUID(), outcome: 'done' },
      input: { format, filter: auditFilterQuery(filter) },
    },
    now,
  )
  const day = now.toISOString().slice(0, 10)
  return new Response(streamOf(texts(db, filter, format, auditId), signal), {
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
      'content-disposition': `attachment; filename="matchdesk-audit-${day}.${format}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

/** Up to the row that says it was exported: what comes meanwhile is not in it. */
async function* texts(db: Db, filter: AuditFilter, format: 'csv' | 'json', auditId: number): AsyncGenerator<string> {
  yield format === 'csv' ? csvLine(COLUMNS) : '['
  let cursor: number | null = auditId + 1
  let first = true
  while (cursor !== null) {
    const rows: FullAuditRow[] = await readFullPage(db, { ...filter, cursor })
    if (rows.length > 0) {
      yield format === 'csv'
        ? rows.map((row) => csvLine(COLUMNS.map((column) => cellOf(row[column])))).join('')
        : `${first ? '\n' : ',\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`
    }
    first = false
    cursor = rows.at(-1)?.auditId ?? null
  }
  if (format === 'json') yield '\n]\n'
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Read only as fast as somebody takes it, and not at all once they have gone. */
function streamOf(source: AsyncGenerator<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = signal.aborted ? { done: true, value: undefined } : await source.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await source.return(undefined)
    },
  })
}
