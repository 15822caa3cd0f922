import pg from 'pg'

export type Db = pg.Pool
/** Anything that can run a statement: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>
export type Transaction = pg.PoolClient

// bigint columns hold epoch ms, counters and journal positions, all below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * What the processes that serve people need besides: a database that has frozen is given up by our own clock, and a
 * replica that has frozen inside a transaction keeps the locks of that transaction this long at most.
 */
const SERVING = { query_timeout: 12_000, idle_in_transaction_session_timeout: 5_000 }

/** One pool per process. Every statement is bounded by shape (keyset, limit) and, as the last line, by 10 s. */
export function openPool(connectionString: string, options: { name: string; max?: number; serving?: boolean }): Db {
  const pool = new pg.Pool({
    connectionString,
    application_name: `matchdesk ${options.name}`,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    ...(options.serving ? SERVING : {}),
  })
  // Without a listener an idle connection that breaks (server restart) would end the process; the pool replaces it.
  pool.on('error', (error) => console.error(`A database connection of ${options.name} broke: ${error.message}`))
  // The pool listens to its idle connections only. One that breaks in use fails the next statement; that is enough said.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Runs `work` in one transaction. What it throws rolls everything back and is thrown on. */
export async function inTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await db.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError // the connection is lost: the pool must not hand it out again
    })
    throw error
  } finally {
    client.release(broken)
  }
}
