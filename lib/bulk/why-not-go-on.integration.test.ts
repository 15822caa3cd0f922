import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { createSwitches, moveSwitch } from '#lib/access/switches.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import type { OpenRun } from './items.ts'
import { aPerson } from './testing/start-run.ts'
import { whyNotGoOn } from './why-not-go-on.ts'

const database = testDatabase()

it('a run stops with the role and the account of who started it, and with a brake', async () => {
  const { db } = database
  const person = await aPerson(db, 'operator')
  const run: OpenRun = {
    ...{ bulkId: randomUUID(), environment: 'local', action: 'cancel', total: 3, requestId: randomUUID() },
    ...{ personId: person.personId, personName: person.name, role: person.role, protection: 'open' },
  }
  const switches = createSwitches(db)
  const ask = () => {
    switches.changed()
    return whyNotGoOn(db, run, anEnvironment(), switches)
  }
  expect(await ask()).toBeNull()

  const move = (on: boolean) => moveSwitch(db, 'ticket.cancel-many', on, { by: 'Ada', reason: null, now: new Date() })
  await move(true)
  expect(await ask()).toBe('Nobody can cancel up to 50 tickets at once now: Ada has switched it so. Can end it: admin.')
  await move(false)
  expect(await ask()).toBeNull()

  await db.query(`update people set role = 'viewer' where person_id = $1`, [person.personId])
  expect(await ask()).toBe(`${person.name}, who started it, may not do that any more (viewer).`)
  await db.query(`update people set role = 'admin', disabled_at = now() where person_id = $1`, [person.personId])
  expect(await ask()).toBe(`${person.name}, who started it, is not here any more.`)
})
