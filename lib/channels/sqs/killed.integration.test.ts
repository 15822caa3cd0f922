import { it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { killedPollersStory } from './testing/killed-pollers-story.ts'

const database = testDatabase()
/** `KILLS=200` for as many as there is time for. */
const KILLS = Number(process.env.KILLS ?? (process.env.MATCHDESK_FAULTS === 'full' ? 50 : 8))

it(
  'stores every event once, whenever the process that empties the queue is killed',
  async () => {
    await killedPollersStory(database.db, database.url, KILLS)
  },
  120_000 + KILLS * 5_000,
)
