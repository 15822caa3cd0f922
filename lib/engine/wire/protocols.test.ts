import { decode, encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { cborProtocol } from './cbor.ts'
import { WireError } from './errors.ts'
import { jsonProtocol } from './json.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('JSON 1.1', () => {
  it('writes times as epoch seconds with a fraction', () => {
    const body = jsonProtocol.encode({ Ticket: { StartTime: new Date(1_469_498_468_057), Players: [] } })
    expect(body.toString()).toBe('{"Ticket":{"StartTime":1469498468.057,"Players":[]}}')
  })

  it.each([
    ['no JSON', 'TicketId'],
    ['cut JSON', '{"TicketId":'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['33 levels', '['.repeat(33) + ']'.repeat(33)],
    ['a million levels', '['.repeat(1_000_000)],
  ])('refuses %s with a SerializationException', (_, body) => {
    expect(() => jsonProtocol.decode(Buffer.from(body))).toThrow(
      expect.objectContaining({ type: 'SerializationException', status: 400 }),
    )
  })

  it('takes 32 levels, and brackets inside text for text', () => {
    expect(() => jsonProtocol.decode(Buffer.from('['.repeat(32) + ']'.repeat(32)))).not.toThrow()
    expect(jsonProtocol.decode(Buffer.from(`{"a":"${'['.repeat(99)}\\"${'{'.repeat(99)}"}`))).toBeTypeOf('object')
  })
})

describe('RPC v2 CBOR', () => {
  it('reads every length and float a client may choose', () => {
    expect(cborProtocol.decode(hex('bf 61 61 7f 62 61 62 61 63 ff 61 62 9f 01 02 ff 61 63 f9 3e00 ff'))).toEqual({
      a: 'abc',
      b: [1, 2],
      c: 1.5,
    })
    expect(cborProtocol.decode(hex('a2 61 61 fa 3fc00000 61 62 fb 3ff8000000000000'))).toEqual({ a: 1.5, b: 1.5 })
    expect(cborProtocol.decode(hex('a1 61 61 c1 fb 3ff8000000000000'))).toEqual({ a: 1.5 }) // a tag on an unknown member
  })

  it('writes times as tag 1 with a double', () => {
    expect(cborProtocol.encode({ t: new Date(1500) }).toString('hex')).toBe('a16174c1fb3ff8000000000000')
  })

  it('writes attribute numbers as doubles and other numbers as integers', () => {
    const players = [{ PlayerAttributes: { skill: { N: 5 }, modes: { SDM: { N: 1 } } }, LatencyInMs: { N: 7 } }]
    const text = cborProtocol.encode({ Players: players }).toString('hex')
    expect(text).toContain('614efb4014000000000000') // N: 5.0
    expect(text).toContain('614efb3ff0000000000000') // SDM's N: 1.0
    expect(text).toContain('614e07') // a Region called N: 7
  })

  it('writes errors that every client understands: both spellings of the message', () => {
    const body = decode(cborProtocol.encodeError(new WireError('NotFoundException', 'gone')))
    expect(body).toEqual({ __type: 'com.amazonaws.gamelift#NotFoundException', Message: 'gone', message: 'gone' })
  })

  it.each([
    ['nothing but a break', 'ff'],
    ['a cut map', 'a161'],
    ['two items', '0102'],
    ['a string without an end', '7f'],
    ['text that is not UTF-8', '61ff'],
    ['a list of 2^63 items', '9b7fffffffffffffff'],
    ['33 levels', `${'81'.repeat(33)}01`],
    ['a million tags', 'c1'.repeat(1_000_000)],
    ['a million lists', '9f'.repeat(1_000_000)],
  ])('refuses %s with a SerializationException', (_, body) => {
    expect(() => cborProtocol.decode(hex(body))).toThrow(
      expect.objectContaining({ type: 'SerializationException', status: 400 }),
    )
  })

  it('keeps a replacement character that was really sent', () => {
    expect(cborProtocol.decode(Buffer.from(encode({ a: `${'x'.repeat(300)}\ufffd` })))).toEqual({
      a: `${'x'.repeat(300)}\ufffd`,
    })
  })
})
