import { describe, expect, it } from 'vitest'
import { PartedMap } from './parted-map.ts'

describe('PartedMap', () => {
  it('keeps a value per key, whatever the key looks like', () => {
    const map = new PartedMap<number>()
    const keys = ['', 'a', 'ab', 'player-1-0', 'player-2-0', 'ünïcode-\u{1f3ae}', 'x'.repeat(300)]
    for (const [index, key] of keys.entries()) map.set(key, index)
    for (const [index, key] of keys.entries()) expect(map.get(key)).toBe(index)
    expect([...map.values()].sort()).toEqual(keys.map((_, index) => index))
    expect(map.has('b')).toBe(false)
    expect(map.get('b')).toBeUndefined()
  })

  it('replaces and deletes', () => {
    const map = new PartedMap<string>()
    map.set('ticket', 'first')
    map.set('ticket', 'second')
    expect([...map.values()]).toEqual(['second'])
    expect(map.delete('ticket')).toBe(true)
    expect(map.delete('ticket')).toBe(false)
    expect(map.has('ticket')).toBe(false)
  })
})
