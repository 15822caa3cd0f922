import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { createLiveHub } from '#lib/live/hub.ts'
import { findTicket } from './get-ticket.ts'
import { createTicketLookUp } from './look-up-ticket.ts'
import { describeNow } from './reconcile.ts'
import { search } from './search.ts'
import { ScriptedDescriber } from './testing/scripted-describer.ts'

const database = testDatabase()
let time = 0
let describer = new ScriptedDescriber()
let problems: unknown[] = []
beforeEach(() => {
  time = 1_000_000
  describer = new ScriptedDescriber()
  problems = []
})

const lookUpIn = (environment: string, patienceMs = 2_000) =>
  createTicketLookUp({
    describe: (ticketId) => describeNow(database.db, environment, describer, [ticketId]),
    onProblem: (_, error) => problems.push(error),
    now: () => time,
    patienceMs,
  })

describe('a ticket no event has named', () => {
  it('is found by its page and by the search as soon as GameLift knows it', async () => {
    describer.knows({ ticketId: 'new-1', status: 'QUEUED' }).knows({ ticketId: 'new-2', status: 'QUEUED' })
    const lookUp = lookUpIn('fresh')
    expect(await findTicket(database.db, 'fresh', 'new-1', lookUp)).toMatchObject({ status: 'QUEUED' })
    expect(await search(database.db, 'fresh', ' new-2 ', { players: false, lookUp })).toEqual({
      found: true,
      kind: 'ticket',
      href: '/fresh/tickets/new-2',
    })
    describer.asked.splice(0)
    await findTicket(database.db, 'fresh', 'new-1', lookUp)
    expect(describer.asked).toEqual([])
  })

  it('is asked about once in two seconds, however many ask', async () => {
    const lookUp = lookUpIn('often')
    const read = () => findTicket(database.db, 'often', 'nobody', lookUp)
    expect(await Promise.all([read(), read(), read()])).toEqual([null, null, null])
    time += 1_999
    await read()
    expect(describer.asked).toEqual([['nobody']])
    time += 1
    await read()
    expect(describer.asked).toEqual([['nobody'], ['nobody']])
  })

  it('costs GameLift no more than twenty questions at once and two in a second', async () => {
    const lookUp = lookUpIn('many')
    const asked = await Promise.all(Array.from({ length: 30 }, (_, index) => lookUp(`made-up-${index}`)))
    expect(asked.filter(Boolean)).toHaveLength(20)
    time += 1_000
    expect(await Promise.all(['a', 'b', 'c'].map(lookUp))).toEqual([true, true, false])
  })

  it('is never asked about under a name no ticket can have', async () => {
    const lookUp = lookUpIn('impossible')
    expect(await Promise.all(['a b', 'x'.repeat(129), '', 'arn:a/b', 'ä'].map(lookUp))).not.toContain(true)
    expect(describer.asked).toEqual([])
  })

  it('is not there when GameLift fails or does not answer, and nobody waits long for that', async () => {
    describer.failure = new Error('down')
    expect(await findTicket(database.db, 'failing', 't', lookUpIn('failing'))).toBeNull()
    expect(problems).toEqual([describer.failure])
    const silent = createTicketLookUp({ describe: () => new Promise(() => {}), onProblem: () => {}, patienceMs: 20 })
    expect(await findTicket(database.db, 'failing', 't', silent)).toBeNull()
  })

  it('changes nothing on anybody’s screen when it does not exist', async () => {
    const hub = createLiveHub(database.url, () => {})
    await hub.start()
    const heard: unknown[] = []
    hub.subscribe('quiet', (change) => heard.push(change))
    await lookUpIn('quiet')('nobody')
    describer.knows({ ticketId: 'somebody' })
    await lookUpIn('quiet')('somebody')
    await expect.poll(() => heard).toMatchObject([{ tickets: ['somebody'] }])
    await hub.stop()
  })
})
