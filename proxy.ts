import { type NextRequest, NextResponse } from 'next/server'
import { answerUnreadable } from '#lib/access/unreadable-address.ts'

/** An address that cannot be decoded is answered here: pages and routes are never found for it, and it was a bare 500. */
export function proxy(request: NextRequest): Response {
  return answerUnreadable(request.url) ?? NextResponse.next()
}

/** Only what is not plain ASCII text, well encoded: everything else goes its way without this. */
export const config = { matcher: '/(.*%(?![0-7][0-9a-fA-F]).*)' }
