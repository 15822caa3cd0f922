import { connection } from 'next/server'
import { Island } from '../island.jsx'
import { Table } from '../table.jsx'

export default async function Other() {
  await connection()
  return (
    <main>
      <Island other="/" />
      <Table first={Date.now() % 1000} />
    </main>
  )
}
