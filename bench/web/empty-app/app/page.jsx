import { connection } from 'next/server'
import { Island } from './island.jsx'
import { Table } from './table.jsx'

export default async function Page() {
  await connection() // drawn for every request, as ours are
  return (
    <main>
      <Island other="/other" />
      <Table first={Date.now() % 1000} />
    </main>
  )
}
