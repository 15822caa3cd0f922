/** One-time links: how a person gets a session without a password. */
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import type { Role } from './roles.ts'
import { hashOf, newSecret } from './secret.ts'
import { openSession } from './sessions.ts'

/**
 * Makes a link for the person called `name`, who is created with `role` or given it from now on. Returns the token for
 * `/sign-in?token=…`; only its hash is kept.
 */
export async function createSignInLink(
  db: Queryable,
  { role, name, ttlSeconds, now = new Date() }: { role: Role; name: string; ttlSeconds: number; now?: Date },
): Promise<string> {
  const token = newSecret()
  await db.query(
    `with person as (
       insert into people (name, role) values ($1, $2)
       on conflict (name) do update set role = excluded.role
       returning person_id
     )
     insert into sign_in_links (token_hash, person_id, created_at, expires_at)
     select $3, person_id, $4, $4::timestamptz + make_interval(secs => $5) from person`,
    [name, role, hashOf(token), now, ttlSeconds],
  )
  return token
}

export type LinkUse =
  | { accepted: true; sessionId: string }
  | { accepted: false; because: 'unknown' | 'used' | 'expired' | 'disabled' }

/** Uses a link up and opens a session, both or neither. Of two uses at once one wins. Audited either way it is known. */
export async function consumeSignInLink(db: Db, token: string, now: Date): Promise<LinkUse> {
  if (token.length > 100) return { accepted: false, because: 'unknown' }
  return inTransaction(db, async (tx): Promise<LinkUse> => {
    const { rows } = await tx.query<{
      person_id: string
      name: string
      role: Role
      used: boolean
      expired: boolean
      disabled: boolean
    }>(
      `select l.person_id, p.name, p.role, l.used_at is not null as used, l.expires_at <= $2 as expired,
              p.disabled_at is not null as disabled
       from sign_in_links l join people p using (person_id) where l.token_hash = $1 for update of l`,
      [hashOf(token), now],
    )
    const link = rows[0]
    if (!link) return { accepted: false, because: 'unknown' }
    const because = link.used ? 'used' : link.expired ? 'expired' : link.disabled ? 'disabled' : null
    await tx.query(
      `insert into audit (at, person_id, person_name, role, action, input, request_id, outcome, outcome_message, finished_at)
       values ($1, $2, $3, $4, 'own.sign-in', '{}', gen_random_uuid(), $5, $6, $1)`,
      [
        now,
        link.person_id,
        link.name,
        link.role,
        because ? 'denied' : 'done',
        because ? `The sign-in link was ${because}.` : null,
      ],
    )
    if (because) return { accepted: false, because }
    await tx.query('update sign_in_links set used_at = $2 where token_hash = $1', [hashOf(token), now])
    const { sessionId } = await openSession(tx, link.person_id, now)
    return { accepted: true, sessionId }
  })
}
