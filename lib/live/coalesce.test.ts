import { describe, expect, it } from 'vitest'
import { everythingChanged, type LiveChange, mergeChanges, parseChange } from './change.ts'
import { coalesce } from './coalesce.ts'

const change = (tickets: LiveChange['tickets'], environment = 'local'): LiveChange => ({
  environment,
  tickets,
  matches: [],
  sessions: [],
  demo: false,
  environments: false,
})

function setting() {
  let time = 0
  let due: { at: number; run: () => void }[] = []
  const sent: [number, LiveChange][] = []
  const outgoing = coalesce((each) => sent.push([time, each]), {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run }
      due.push(timer)
      return () => {
        due = due.filter((each) => each !== timer)
      }
    },
  })
  const moveTo = (next: number) => {
    time = next
    const ready = due.filter((each) => each.at <= time)
    due = due.filter((each) => each.at > time)
    for (const each of ready) each.run()
  }
  return { outgoing, sent, moveTo, pending: () => due.length }
}

describe('changes on their way to the browsers', () => {
  it('go out at once after a quiet time and together when they come close', () => {
    const { outgoing, sent, moveTo } = setting()
    outgoing.add(change(['a']))
    outgoing.add(change(['b']))
    outgoing.add(change(['c', 'b']))
    expect(sent).toEqual([[0, change(['a'])]])
    moveTo(100)
    expect(sent.at(-1)).toEqual([100, change(['b', 'c'])])
    moveTo(500)
    outgoing.add(change(['d']))
    expect(sent.at(-1)).toEqual([500, change(['d'])])
  })

  it('are at most ten a second for each environment, and none is lost', () => {
    const { outgoing, sent, moveTo } = setting()
    for (let ms = 0; ms < 1000; ms++) {
      moveTo(ms)
      outgoing.add(change([`t-${ms % 90}`]))
      outgoing.add(change(['x'], 'other'))
    }
    moveTo(1100)
    const local = sent.filter(([, each]) => each.environment === 'local')
    expect(local.length).toBeLessThanOrEqual(11)
    expect(new Set(local.flatMap(([, each]) => each.tickets)).size).toBe(90)
  })

  it('stop with their timers', () => {
    const { outgoing, sent, moveTo, pending } = setting()
    outgoing.add(change(['a']))
    outgoing.add(change(['b']))
    outgoing.stop()
    moveTo(1000)
    expect(sent).toHaveLength(1)
    expect(pending()).toBe(0)
  })

  it('name no more tickets than anybody would look at', () => {
    const many = Array.from({ length: 60 }, (_, n) => `a-${n}`)
    const more = Array.from({ length: 60 }, (_, n) => `b-${n}`)
    expect(mergeChanges(change(many), change(many)).tickets).toHaveLength(60)
    expect(mergeChanges(change(many), change(more)).tickets).toBe('many')
    expect(mergeChanges(change('many'), change(['a'])).tickets).toBe('many')
  })
})

describe('a notification', () => {
  it('is read whole, in part, or as everything', () => {
    expect(parseChange('{"environment":"local","tickets":["a"],"matches":["m"],"sessions":[]}')).toEqual({
      ...change(['a']),
      matches: ['m'],
    })
    expect(parseChange('{"environment":"local","demo":true}')).toEqual({ ...change([]), demo: true })
    expect(parseChange('{"environment":"local","many":true}')).toEqual(everythingChanged('local'))
  })

  it('from somebody else is left alone', () => {
    for (const payload of ['', 'x', '[]', 'null', '{"tickets":[]}', '{"environment":1}']) {
      expect(parseChange(payload)).toBeNull()
    }
  })
})
