/** MatchmakerData: the JSON text FlexMatch keeps on a game session. Written by a service, read by us: parsed, not trusted. */
import * as z from 'zod/mini'
import { AppError } from '#lib/flexmatch/result.ts'

const Attribute = z.object({ attributeType: z.string(), valueAttribute: z.unknown() })
const Data = z.object({
  matchId: z.optional(z.string()),
  matchmakingConfigurationArn: z.optional(z.string()),
  teams: z._default(
    z.array(
      z.object({
        name: z.string(),
        players: z._default(
          z.array(z.object({ playerId: z.string(), attributes: z._default(z.record(z.string(), Attribute), {}) })),
          [],
        ),
      }),
    ),
    [],
  ),
  // The documentation's example leaves both out, sessions in the wild have them with null.
  autoBackfillMode: z._default(z.nullable(z.string()), null),
  autoBackfillTicketId: z._default(z.nullable(z.string()), null),
})
export type MatchmakerData = z.infer<typeof Data>

/** Throws REFUSED when the session has none or it cannot be read: then nothing may be decided from it. */
export function parseMatchmakerData(text: string | null, gameSessionArn: string): MatchmakerData {
  if (!text) {
    throw new AppError(
      'REFUSED',
      `The game session ${gameSessionArn} has no matchmaker data: FlexMatch did not make it with a queue.`,
    )
  }
  try {
    return z.parse(Data, JSON.parse(text))
  } catch (error) {
    throw new AppError('REFUSED', `The matchmaker data of ${gameSessionArn} cannot be read.`, { cause: error })
  }
}
