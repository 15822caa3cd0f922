import type { Queryable } from '#lib/db/pool.ts'

const AT_MOST = 6
/** Player ids are Unicode: nothing sorts behind its last character. */
const LAST_CHARACTER = '\u{10ffff}'

/**
 * The first few player ids that begin with this text, in their order, each once however many tickets it has: from one
 * id the index is entered anew behind it.
 */
export async function playersThatBegin(db: Queryable, environment: string, beginning: string): Promise<string[]> {
  const { rows } = await db.query<{ player_id: string }>(
    `with recursive found (player_id, n) as (
       (select left(player_id, 256), 1 from ticket_players
        where environment = $1 and left(player_id, 256) >= $2 and left(player_id, 256) < $3
        order by left(player_id, 256) limit 1)
       union all
       select next.player_id, n + 1 from found cross join lateral (
         select left(p.player_id, 256) as player_id from ticket_players p
         where p.environment = $1 and left(p.player_id, 256) > found.player_id and left(p.player_id, 256) < $3
         order by left(p.player_id, 256) limit 1) as next
       where n < ${AT_MOST})
     select player_id from found order by player_id`,
    [environment, beginning, beginning + LAST_CHARACTER],
  )
  return rows.map((row) => row.player_id)
}
