import { randomUUID } from 'node:crypto'
import { parseTicketFilter } from '#components/tickets/ticket-filter.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { recordEvent } from '#lib/audit/record-event.ts'
import { effectiveProtection } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { ticketsAsCsv, ticketsAsJson } from '#lib/tickets/export-tickets.ts'
import { downloadHeaders, fileName, streamed } from '#lib/web/download.ts'
import { exportLimit } from '#lib/web/export-limit.ts'
import { tooMany } from '#lib/web/too-many.ts'

/** The list's own filter, as `format=csv` or `format=json`. What is handed out is in the trail before its first byte. */
export const GET = guardedRoute(
  { action: 'export.masked' },
  async ({ request, runtime, environment, search, person, sessionId, require }) => {
    const format = search.get('format')
    if (format !== 'csv' && format !== 'json') throw new AppError('INVALID_INPUT', 'format: it must be csv or json.')
    if (request.headers.get('sec-fetch-site') === 'cross-site') {
      throw new AppError('CROSS_SITE', 'This request did not come from a page of Matchdesk, so it was not carried out.')
    }
    const { cursor: _, ...filter } = parseTicketFilter(search)
    if (filter.playerId !== null) require('player.search')
    if (request.method !== 'GET') return new Response(null, { headers: downloadHeaders('tickets', format) })
    const wait = exportLimit().take(sessionId)
    if (wait !== null) return tooMany('You have exported often within ten minutes.', wait)
    const now = new Date()
    const name = fileName(['tickets', environment.name], now, format)
    await recordEvent(
      runtime.db,
      {
        person,
        environment: environment.name,
        protection: effectiveProtection(environment),
        action: 'export.masked',
        target: name,
        input: { format, filter, reason: search.get('reason') },
        requestId: randomUUID(),
        outcome: 'done',
      },
      now,
    )
    const what = { environment: environment.name, filter: { ...filter, cursor: null }, now: now.getTime() }
    const pieces = format === 'csv' ? ticketsAsCsv(runtime.db, what) : ticketsAsJson(runtime.db, what)
    return new Response(streamed(pieces, request.signal), { headers: downloadHeaders(name, format) })
  },
)
