import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { QueryClient } from './query-client.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const KEY = ['tickets', 'local'] as const

/** A client, one question of it, and its answers given by hand. */
function setting({ retries = 0 } = {}) {
  const errors: Error[] = []
  const client = new QueryClient({
    onError: (error) => errors.push(error),
    worthRetrying: (failures) => failures < retries,
  })
  const asked: { signal: AbortSignal; answer: (data: string) => Promise<void>; fail: () => Promise<void> }[] = []
  const query = client.query<string>(KEY)
  query.ask = ({ signal }) =>
    new Promise((resolve, reject) => {
      const settled = async () => void (await vi.advanceTimersByTimeAsync(0))
      const answer = (data: string) => {
        resolve(data)
        return settled()
      }
      const fail = () => {
        reject(new Error('away'))
        return settled()
      }
      asked.push({ signal, answer, fail })
    })
  const seen: (string | undefined)[] = []
  const look = () => query.watch(() => seen.push(query.state.data))
  return { client, query, asked, errors, seen, look }
}

it('asks once for all who look, and tells each', async () => {
  const { query, asked, seen, look } = setting()
  look()
  look()
  expect(asked).toHaveLength(1)
  await asked[0]!.answer('a')
  expect(seen).toEqual(['a', 'a'])
  expect(query.state).toMatchObject({ data: 'a', error: null, answers: 1 })
})

it('does not ask for what is fresh, and asks for what is old', async () => {
  const { query, asked, look } = setting()
  query.take('came with the page', Date.now())
  const leave = look()
  expect(asked).toHaveLength(0)
  leave()
  vi.setSystemTime(Date.now() + 5_000)
  look()
  expect(asked).toHaveLength(1)
})

it('takes what came with a page only when it is newer', async () => {
  const { query, asked, look } = setting()
  look()
  await asked[0]!.answer('read')
  query.take('older', Date.now() - 1)
  expect(query.state.data).toBe('read')
  query.take('newer', Date.now() + 1)
  expect(query.state.data).toBe('newer')
})

it('reads anew after a change: what was under way may have been answered before it', async () => {
  const { client, query, asked, look } = setting()
  look()
  let over = false
  const all = client.invalidateQueries().then(() => {
    over = true
  })
  expect(asked).toHaveLength(2)
  expect(asked[0]!.signal.aborted).toBe(true)
  await asked[0]!.answer('before')
  expect([query.state.data, over]).toEqual([undefined, false])
  await asked[1]!.answer('after')
  await all
  expect([query.state.data, over]).toEqual(['after', true])
})

it('leaves what nobody looks at until somebody does', async () => {
  const { client, query, asked, look } = setting()
  query.take('a', Date.now())
  await client.invalidateQueries(KEY)
  expect(asked).toHaveLength(0)
  look()
  expect(asked).toHaveLength(1)
})

it('concerns what begins with the key, and nothing else', async () => {
  const { client, asked, look } = setting()
  look()
  await asked[0]!.answer('a')
  await client.invalidateQueries(['tickets', 'other'])
  await client.invalidateQueries(['matches'])
  expect(asked).toHaveLength(1)
  void client.invalidateQueries(['tickets'])
  expect(asked).toHaveLength(2)
})

it('keeps the last answer when the next question fails, and says so until one is answered', async () => {
  const { query, asked, errors, look } = setting()
  look()
  await asked[0]!.answer('a')
  const read = query.readAnew()
  await asked[1]!.fail()
  await read // it does not reject
  expect(query.state).toMatchObject({ data: 'a', error: new Error('away'), askingAgain: false })
  expect(errors).toHaveLength(1)
  void query.read()
  expect(query.state.askingAgain).toBe(true)
  await asked[2]!.answer('b')
  expect(query.state).toMatchObject({ data: 'b', error: null, askingAgain: false })
})

it('asks again by itself what is worth it, and says nothing meanwhile', async () => {
  const { query, asked, errors, look } = setting({ retries: 2 })
  look()
  await asked[0]!.fail()
  expect([asked.length, query.state.error]).toEqual([1, null])
  await vi.advanceTimersByTimeAsync(500)
  await asked[1]!.fail()
  await vi.advanceTimersByTimeAsync(500)
  await asked[2]!.fail()
  expect(query.state.error).toEqual(new Error('away'))
  await vi.advanceTimersByTimeAsync(10_000)
  expect([asked.length, errors.length]).toEqual([3, 1])
})

it('calls off what nobody waits for any more, and asks for it when somebody comes back', async () => {
  const { asked, errors, look } = setting()
  look()()
  expect(asked[0]!.signal.aborted).toBe(true)
  await asked[0]!.fail()
  expect(errors).toEqual([])
  look()
  expect(asked).toHaveLength(2)
})

it('still owes what was called off after a change, though the last answer is fresh and a page brought another', async () => {
  const { query, asked, look } = setting()
  const leave = look()
  await asked[0]!.answer('before')
  void query.readAnew()
  leave()
  query.take('came with a page', Date.now() + 1)
  look()
  expect(asked).toHaveLength(3)
})

it('forgets what nobody has looked at for five minutes', async () => {
  const { client, query, asked, look } = setting()
  const leave = look()
  await asked[0]!.answer('a')
  leave()
  await vi.advanceTimersByTimeAsync(299_000)
  expect(client.query(KEY)).toBe(query)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(client.query(KEY)).not.toBe(query)
  expect(client.all()).toHaveLength(1)
})

it('reads what is old when the tab is looked at again', async () => {
  const { client, asked, look } = setting()
  look()
  await asked[0]!.answer('a')
  client.readWhatIsOld()
  expect(asked).toHaveLength(1)
  vi.setSystemTime(Date.now() + 5_000)
  client.readWhatIsOld()
  expect(asked).toHaveLength(2)
})
