/** What senders of a channel must know. Two live while one replaces the other; only their hashes are kept. */
import { hashOf, newSecret } from '#lib/access/secret.ts'
import { type Db, inTransaction, type Queryable } from '#lib/db/pool.ts'
import type { Channel } from '#lib/environments/environment.ts'

/** How long the old secret stays good beside a new one. */
const OVERLAP_HOURS = 24

/**
 * A new secret, shown this once. The one before it ends in a day, or now; one older still ends now.
 * `endsOldAt` is null when there is no old one left.
 */
export async function makeSecret(
  db: Db,
  environment: string,
  channel: Channel,
  { endOldNow = false } = {},
): Promise<{ secret: string; endsOldAt: Date | null }> {
  const secret = newSecret()
  const endsOldAt = await inTransaction(db, async (tx) => {
    await tx.query('lock table channel_secrets in share row exclusive mode')
    await tx.query(
      `delete from channel_secrets s where environment = $1 and channel = $2
       and ($3 or ends_at <= now() or made_at < (
         select max(made_at) from channel_secrets n where n.environment = s.environment and n.channel = s.channel))`,
      [environment, channel, endOldNow],
    )
    const { rows } = await tx.query<{ ends_at: Date }>(
      `update channel_secrets set ends_at = least(ends_at, now() + make_interval(hours => $3))
       where environment = $1 and channel = $2 returning ends_at`,
      [environment, channel, OVERLAP_HOURS],
    )
    // Not now(): two in one microsecond would be of the same age.
    await tx.query(
      'insert into channel_secrets (environment, channel, secret_hash, made_at) values ($1, $2, $3, clock_timestamp())',
      [environment, channel, hashOf(secret)],
    )
    return rows[0]?.ends_at ?? null
  })
  return { secret, endsOldAt }
}

/** SHA-256 of those that are good now. */
export async function secretsOf(db: Queryable, environment: string, channel: Channel): Promise<Buffer[]> {
  const { rows } = await db.query<{ secret_hash: Buffer }>(
    `select secret_hash from channel_secrets
     where environment = $1 and channel = $2 and (ends_at is null or ends_at > now())`,
    [environment, channel],
  )
  return rows.map((row) => row.secret_hash)
}

/** When each was made and ends, newest first: what a screen may show. */
export async function secretTimes(
  db: Queryable,
  environment: string,
  channel: Channel,
): Promise<{ madeAt: Date; endsAt: Date | null }[]> {
  const { rows } = await db.query<{ made_at: Date; ends_at: Date | null }>(
    `select made_at, ends_at from channel_secrets
     where environment = $1 and channel = $2 and (ends_at is null or ends_at > now()) order by made_at desc`,
    [environment, channel],
  )
  return rows.map((row) => ({ madeAt: row.made_at, endsAt: row.ends_at }))
}
