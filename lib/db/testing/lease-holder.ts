/** A replica of its own: `node lease-holder.ts <database> <lease> <lastsMs> <askEveryMs>` says when it holds the lease. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createLeases } from '#lib/db/leases.ts'
import { openPool } from '#lib/db/pool.ts'

const [url = '', name = '', lastsMs, askEveryMs] = process.argv.slice(2)
const db = openPool(url, { name: 'tests', max: 2 })
const times = { lastsMs: Number(lastsMs), askEveryMs: Number(askEveryMs) }
createLeases(db, randomUUID(), (_, error) => console.log(`problem ${String(error)}`), times).keep(
  name,
  async (signal) => {
    console.log('begun')
    await once(signal, 'abort')
    console.log('lost')
  },
)
setInterval(() => {}, 60_000) // nothing else keeps the process: leases never do
