'use server'

import { runAction } from '#lib/access/run-action.ts'
import type { ActionResult } from '#lib/flexmatch/result.ts'
import type { Found } from './check.ts'
import { CheckConnectionInput } from './check-input.ts'
import { checkPart } from './checks.ts'
import { openConnectClients } from './clients.ts'

/** Tries an environment that may not be saved yet. Changes nothing there, and is in the trail: calls go out as Matchdesk. */
export async function checkConnection(input: unknown): Promise<ActionResult<Found>> {
  return runAction(CheckConnectionInput, 'environment.check', input, async ({ part, given }) => {
    const clients = openConnectClients(given)
    try {
      return await checkPart(part, given, clients)
    } finally {
      clients.close()
    }
  })
}
