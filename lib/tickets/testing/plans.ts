import type { Db, Queryable } from '#lib/db/pool.ts'

export interface Plan {
  indexes: string[]
  /** The kinds of nodes. */
  scans: string[]
  /** Rows that all scans together looked at, also those they threw away. */
  rowsRead: number
}

interface Node {
  'Node Type': string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}

/** How PostgreSQL carries out the statements that `run` sends. */
export async function planOf(db: Db, run: (db: Queryable) => Promise<unknown>): Promise<Plan> {
  const plan: Plan = { indexes: [], scans: [], rowsRead: 0 }
  const explaining = {
    async query(text: string, values?: unknown[]) {
      const { rows } = await db.query(`explain (analyze, format json) ${text}`, values)
      add(plan, rows[0]['QUERY PLAN'][0].Plan as Node)
      return db.query(text, values)
    },
  } as unknown as Queryable
  await run(explaining)
  return plan
}

function add(plan: Plan, node: Node): void {
  plan.scans.push(node['Node Type'])
  if (node['Index Name']) plan.indexes.push(node['Index Name'])
  if (/Index|Seq Scan/.test(node['Node Type'])) {
    plan.rowsRead += (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  }
  for (const inner of node.Plans ?? []) add(plan, inner)
}
