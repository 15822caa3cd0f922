import type { Action } from '#lib/access/roles.ts'
import type { Queryable } from '#lib/db/pool.ts'
import { type Environment, viewOf } from '#lib/environments/environment.ts'
import type { TicketLookUp } from './look-up-ticket.ts'
import { playersThatBegin } from './players-that-begin.ts'
import type { FoundInEnvironment, SearchResult } from './views.ts'

const MAX_LENGTH = 1024

/**
 * Finds what a pasted id names: a ticket, a match, a game session (ARN or the last part of it), or a player, where
 * `players` may be searched. Nobody else may learn by asking whether a player exists. GameLift is asked about what the
 * index does not know: a ticket may have been started just now.
 */
export async function search(
  db: Queryable,
  environment: string,
  text: string,
  { players, lookUp }: { players: boolean; lookUp?: TicketLookUp },
): Promise<SearchResult> {
  const id = text.trim()
  if (id === '') return { found: false, message: 'Enter a ticket, player, match or game session id.' }
  if (!isPossible(id)) {
    return { found: false, message: 'That is not an id: it is too long or has characters no id can have.' }
  }
  const found =
    (await inIndex(db, environment, id, players)) ??
    ((await lookUp?.(id)) && (await inIndex(db, environment, id, players)))
  if (found) return found
  const shown = shortened(id)
  if (!players) {
    const message = `No ticket, match or game session of ${environment} is called ${shown}. Your role may not search by player id.`
    return { found: false, message }
  }
  const message = `No ticket, player, match or game session of ${environment} is called ${shown}.`
  const similar = await playersThatBegin(db, environment, id)
  if (similar.length === 0) return { found: false, message }
  return { found: false, message: `${message} Players whose id begins so: ${similar.map(shortened).join(', ')}.` }
}

/**
 * Where an id is known, of the environments this person may see; players only where their role may search for them. The
 * index is asked and no GameLift: an id pasted into the wrong place must not cost calls everywhere.
 */
export async function searchEverywhere(
  db: Queryable,
  may: (action: Action, environment: Environment) => boolean,
  environments: readonly Environment[],
  text: string,
): Promise<FoundInEnvironment[]> {
  const id = text.trim()
  if (id === '' || !isPossible(id)) return []
  const answers = await Promise.all(
    environments.map(async (environment) => {
      if (!may('ticket.view', environment)) return []
      const found = await inIndex(db, environment.name, id, may('player.search', environment))
      return found ? [{ environment: viewOf(environment), kind: found.kind, href: found.href }] : []
    }),
  )
  return answers.flat()
}

function shortened(id: string): string {
  return id.length > 80 ? `${id.slice(0, 77)}…` : id
}

function isPossible(id: string): boolean {
  return id.length <= MAX_LENGTH && !id.includes('\0') && id.isWellFormed()
}

async function inIndex(
  db: Queryable,
  environment: string,
  id: string,
  players: boolean,
): Promise<(SearchResult & { found: true }) | null> {
  const { rows } = await db.query<{ ticket: boolean; match: boolean; session: string | null; player: boolean }>(
    `select
       exists (select from tickets where environment = $1 and ticket_id = $2) as ticket,
       exists (select from matches where environment = $1 and match_id = $2) as match,
       coalesce(
         (select game_session_arn from game_sessions where environment = $1 and game_session_arn = $2),
         (select game_session_arn from game_sessions where environment = $1
          and split_part(game_session_arn, '/', -1) = $2 limit 1)) as session,
       $3 and exists (select from ticket_players where environment = $1 and left(player_id, 256) = left($2, 256)
         and player_id = $2) as player`,
    [environment, id, players],
  )
  const found = rows[0]
  const at = (path: string) => `/${environment}/${path}`
  const part = encodeURIComponent
  if (found?.ticket) return { found: true, kind: 'ticket', href: at(`tickets/${part(id)}`) }
  if (found?.match) return { found: true, kind: 'match', href: at(`matches/${part(id)}`) }
  if (found?.session) return { found: true, kind: 'session', href: at(`sessions/${part(found.session)}`) }
  if (found?.player) return { found: true, kind: 'player', href: at(`tickets?tab=all&playerId=${part(id)}`) }
  return null
}
