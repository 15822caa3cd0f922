/**
 * Confirming subscriptions. Anybody can have SNS ask us to confirm one, so it is done only while an administrator waits
 * for it, only for topics of the environment, and by a call of the API with the token: no address is opened.
 */
import type { Answer } from '#lib/channels/answers.ts'
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'

/** SNS asks within seconds; the rest is for the person who goes and makes the subscription. */
export const WINDOW_MINUTES = 15

/** What SNS answered when asked to confirm: `refused` will not change by asking again. */
export type Confirmed = { is: 'confirmed'; subscriptionArn: string } | { is: 'refused'; reason: string }
/** Throws what is to be tried again. */
export type ConfirmSubscription = (environment: Environment, topicArn: string, token: string) => Promise<Confirmed>

export interface ConfirmationState {
  topicArn: string
  openedBy: string
  openedAt: Date
  /** When nobody waits any more; null once it has happened. */
  waitsUntil: Date | null
  subscriptionArn: string | null
  /** Why SNS, or our rights there, did not let us; null while nothing went wrong. */
  problem: string | null
}

/** From now on a subscription of each of these topics is confirmed, once, for 15 minutes. */
export async function openConfirmations(
  db: Queryable,
  environment: Pick<Environment, 'name' | 'channels'>,
  openedBy: string,
): Promise<Date> {
  const { rows } = await db.query<{ ends_at: Date }>(
    `insert into sns_confirmations (environment, topic_arn, opened_by, opened_at, ends_at)
     select $1, topic_arn, $3, now(), now() + make_interval(mins => $4) from unnest($2::text[]) topic_arn
     on conflict (environment, topic_arn) do update set opened_by = excluded.opened_by,
       opened_at = excluded.opened_at, ends_at = excluded.ends_at, subscription_arn = null, problem = null
     returning ends_at`,
    [environment.name, environment.channels.sns.topicArns, openedBy, WINDOW_MINUTES],
  )
  if (!rows[0]) throw new Error(`${environment.name} has no SNS topics.`)
  return rows[0].ends_at
}

export async function confirmationsOf(db: Queryable, environment: string): Promise<ConfirmationState[]> {
  const { rows } = await db.query<{
    topic_arn: string
    opened_by: string
    opened_at: Date
    ends_at: Date
    subscription_arn: string | null
    problem: string | null
  }>(
    `select topic_arn, opened_by, opened_at, ends_at, subscription_arn, problem
     from sns_confirmations where environment = $1 order by topic_arn`,
    [environment],
  )
  return rows.map((row) => ({
    topicArn: row.topic_arn,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    waitsUntil: row.subscription_arn === null ? row.ends_at : null,
    subscriptionArn: row.subscription_arn,
    problem: row.problem,
  }))
}

/** `topicArn` is known to be one of the environment's, and the message to be signed by SNS. */
export async function confirmAwaited(
  db: Db,
  confirm: ConfirmSubscription,
  environment: Environment,
  topicArn: string,
  token: string,
): Promise<Answer> {
  const place = [environment.name, topicArn]
  const { rowCount } = await db.query(
    `select from sns_confirmations
     where environment = $1 and topic_arn = $2 and ends_at > now() and subscription_arn is null`,
    place,
  )
  if (!rowCount) {
    const reason = `Nobody waits for a subscription of ${topicArn}. Begin to wait in Matchdesk, then have SNS ask again.`
    return { is: 'not-awaited', reason }
  }
  const note = (column: 'subscription_arn' | 'problem', value: string) =>
    db.query(
      `update sns_confirmations set ${column} = $3
       where environment = $1 and topic_arn = $2 and subscription_arn is null`,
      [...place, value],
    )
  try {
    const result = await confirm(environment, topicArn, token)
    if (result.is === 'refused') {
      await note('problem', result.reason)
      return { is: 'not-awaited', reason: result.reason }
    }
    await note('subscription_arn', result.subscriptionArn)
    return { is: 'confirmed', reason: '' }
  } catch (error) {
    // The person who waits should see it; SNS asks again meanwhile.
    await note('problem', error instanceof Error ? error.message : String(error)).catch(() => undefined)
    return { is: 'sns-unavailable', reason: 'SNS could not be asked to confirm the subscription. Deliver it again.' }
  }
}
