/** Each web process says that it is there and which build it runs, so that a forgotten one is noticed. */
import type { Db, Queryable } from '#lib/db/pool.ts'

export interface Replica {
  id: string
  host: string
  buildId: string
  startedAt: Date
}

const BEAT_EVERY_MS = 3_000
/** Three beats missed, and a moment. */
const GONE_AFTER_SECONDS = 10
const FORGOTTEN_AFTER_SECONDS = 3_600

/** Says so at once and every 3 s. `stop` takes it back: a replica that ended in order is not missed. */
export function startHeartbeat(
  db: Db,
  self: Replica,
  onProblem: (error: unknown) => void,
  everyMs = BEAT_EVERY_MS,
): { stop(): Promise<void> } {
  let beating: Promise<void> = Promise.resolve()
  const beatNow = () => {
    beating = beating.then(() => beat(db, self)).catch(onProblem)
  }
  beatNow()
  const timer = setInterval(beatNow, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await beating
      await db.query('delete from replicas where id = $1', [self.id]).catch(onProblem)
    },
  }
}

async function beat(db: Db, { id, host, buildId, startedAt }: Replica): Promise<void> {
  await db.query(
    `insert into replicas (id, host, build_id, started_at, seen_at) values ($1, $2, $3, $4, clock_timestamp())
     on conflict (id) do update set seen_at = excluded.seen_at`,
    [id, host, buildId, startedAt],
  )
  await db.query('delete from replicas where seen_at < clock_timestamp() - make_interval(secs => $1)', [
    FORGOTTEN_AFTER_SECONDS,
  ])
}

/** Those that were heard of in the last 10 s, the longest running first. */
export async function liveReplicas(db: Queryable): Promise<Replica[]> {
  const { rows } = await db.query<{ id: string; host: string; build_id: string; started_at: Date }>(
    `select id, host, build_id, started_at from replicas
     where seen_at > clock_timestamp() - make_interval(secs => $1) order by started_at, id`,
    [GONE_AFTER_SECONDS],
  )
  return rows.map((row) => ({ id: row.id, host: row.host, buildId: row.build_id, startedAt: row.started_at }))
}

/**
 * null when all replicas run one build. Else a sentence: a click on a page of one build cannot be carried out by a replica
 * with another.
 */
export async function differentBuilds(db: Queryable): Promise<string | null> {
  const replicas = await liveReplicas(db)
  const builds = Map.groupBy(replicas, ({ buildId }) => buildId)
  if (builds.size < 2) return null
  const each = [...builds].map(
    ([build, on]) => `${build.slice(0, 8)} on ${[...new Set(on.map(({ host }) => host))].join(', ')}`,
  )
  return `${replicas.length} web processes run ${builds.size} different builds: ${each.join('; ')}. Clicks may be answered with "reload the page" until all run one.`
}
