import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { GameLift } from '@aws-sdk/client-gamelift'

let engine
let endpoint
let gameLift

before(async () => {
  const args = ['engine', '--memory', '--port', '0', '--config', 'fixtures.yaml']
  // 'ipc': the engine ends when this process does, however that goes.
  engine = spawn('node_modules/.bin/matchdesk', args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const ended = once(engine, 'exit').then(([code]) => assert.fail(`The engine ended with ${code}.`))
  const [line] = await Promise.race([once(engine.stdout, 'data'), ended])
  ended.catch(() => {})
  endpoint = /http:\S+/.exec(line)[0]
  gameLift = new GameLift({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
})
after(() => engine.kill())

test('who does not accept in time is cancelled, who did waits on and times out in the end', async () => {
  await start('t-anna', 'anna')
  await start('t-ben', 'ben')
  await step(1_000)
  assert.deepEqual(await statuses('t-anna', 't-ben'), ['REQUIRES_ACCEPTANCE', 'REQUIRES_ACCEPTANCE'])

  await gameLift.acceptMatch({ TicketId: 't-anna', PlayerIds: ['anna'], AcceptanceType: 'ACCEPT' })
  await step(60_000) // the acceptance time-out, in a millisecond
  assert.deepEqual(await statuses('t-anna', 't-ben'), ['SEARCHING', 'CANCELLED'])

  await step(300_000)
  assert.deepEqual(await statuses('t-anna'), ['TIMED_OUT'])
})

test('a match that both accept is placed, and tells each player where to go', async () => {
  await start('t-cleo', 'cleo')
  await start('t-dan', 'dan')
  await step(1_000)
  await gameLift.acceptMatch({ TicketId: 't-cleo', PlayerIds: ['cleo'], AcceptanceType: 'ACCEPT' })
  await gameLift.acceptMatch({ TicketId: 't-dan', PlayerIds: ['dan'], AcceptanceType: 'ACCEPT' })
  assert.deepEqual(await statuses('t-cleo', 't-dan'), ['PLACING', 'PLACING'])

  await step(2_000)
  assert.deepEqual(await statuses('t-cleo', 't-dan'), ['COMPLETED', 'COMPLETED'])
  const { TicketList } = await gameLift.describeMatchmaking({ TicketIds: ['t-cleo'] })
  assert.match(TicketList[0].GameSessionConnectionInfo.IpAddress, /^[\d.]+$/)
})

function start(TicketId, PlayerId) {
  return gameLift.startMatchmaking({ TicketId, ConfigurationName: 'duel', Players: [{ PlayerId }] })
}

async function statuses(...TicketIds) {
  const { TicketList } = await gameLift.describeMatchmaking({ TicketIds })
  return TicketIds.map((id) => TicketList.find(({ TicketId }) => TicketId === id)?.Status)
}

/** Lets time pass in the engine. Everything that falls due on the way has happened when this resolves. */
async function step(ms) {
  const response = await fetch(`${endpoint}/lab/clock/step`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ms }),
  })
  const report = await response.json()
  assert.equal(report.cut, null, JSON.stringify(report))
}
