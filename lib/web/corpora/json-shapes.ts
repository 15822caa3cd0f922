/** JSON that is not what it seems, and JSON that seems not what it is. `taken`: nothing is wrong with its shape. */
export interface Shape {
  name: string
  taken: boolean
  make: () => string
}

const nested = (depth: number, open = '[', close = ']', inside = '') =>
  `${open.repeat(depth)}${inside}${close.repeat(depth)}`
const members = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":${n}`).join(',')}}`
const items = (count: number) => `[${Array.from({ length: count }, (_, n) => n).join(',')}]`

const DEPTHS = [33, 34, 64, 100, 1_000, 5_000, 8_000, 10_000, 100_000, 1_000_000]
const PROTOTYPES = ['__proto__', 'constructor', 'prototype']
/** The same name, written so that a search for it finds nothing. */
const WRITTEN = (name: string) => [
  JSON.stringify(name),
  `"${[...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
  `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`,
  `"${name.slice(0, -1)}\\u${name
    .charCodeAt(name.length - 1)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0')}"`,
]
const PLACES = (name: string) => [
  `{${name}:{"polluted":true}}`,
  `[{"a":{${name}:{"polluted":true}}}]`,
  `{"detail":{"tickets":[{${name} : 1}]}}`,
  `{"a":1,\n\t${name}\n:{"polluted":true}}`,
]
const NUMBERS = ['1e400', '-1e400', '1E+400', '9e999999', '1.5e309', `1${'0'.repeat(309)}`, `-9${'9'.repeat(400)}.5`]
const TWICE = [
  '{"a":1,"a":2}',
  '{"a":1,"b":{"c":1,"c":1}}',
  '{"a":1,"\\u0061":2}',
  '{"a":{},"a":[]}',
  '[{"id":"x"},{"id":"x","id":"y"}]',
  '{"":1,"":2}',
  '{"a\\"b":1,"a\\"b":2}',
  '{"a":"}","a":1}',
  '{"detail-type":"x","detail":{},"detail-type":"y"}',
  '{ "a" : [ 1 , 2 ] , "b" : 1 , "a" : 3 }',
]

export const SHAPES: readonly Shape[] = [
  ...DEPTHS.flatMap((depth) => [
    { name: `${depth} lists`, taken: false, make: () => nested(depth) },
    { name: `${depth} objects`, taken: false, make: () => nested(depth, '{"a":', '}', '1') },
    { name: `${depth} lists that never end`, taken: false, make: () => '['.repeat(depth) },
  ]),
  ...PROTOTYPES.flatMap((name) =>
    WRITTEN(name).flatMap((written) => PLACES(written).map((text) => ({ name: text, taken: false, make: () => text }))),
  ),
  ...NUMBERS.flatMap((number) => [
    { name: `${number.slice(0, 12)} alone`, taken: false, make: () => number },
    { name: `${number.slice(0, 12)} inside`, taken: false, make: () => `{"a":[${number}]}` },
  ]),
  ...TWICE.map((text) => ({ name: text, taken: false, make: () => text })),
  { name: '10,001 members', taken: false, make: () => members(10_001) },
  { name: '100,000 members', taken: false, make: () => members(100_000) },
  { name: '10,001 items', taken: false, make: () => items(10_001) },
  { name: '10,001 members deep inside', taken: false, make: () => `[[[{"a":${members(10_001)}}]]]` },

  { name: '32 lists', taken: true, make: () => nested(32) },
  { name: '10,000 members', taken: true, make: () => members(10_000) },
  { name: '10,000 items', taken: true, make: () => items(10_000) },
  { name: 'a thousand objects with the same names', taken: true, make: () => `[${'{"a":1},'.repeat(999)}{"a":1}]` },
  { name: 'brackets within a text', taken: true, make: () => JSON.stringify({ a: nested(1_000), b: '{"a":1,"a":2}' }) },
  { name: 'names of prototypes as values', taken: true, make: () => JSON.stringify({ a: PROTOTYPES }) },
  { name: 'names that only begin so', taken: true, make: () => '{"__proto":1,"constructors":2,"__proto___":3}' },
  { name: 'quotes and backslashes', taken: true, make: () => JSON.stringify({ a: '\\', b: '\\"', '\\"': ',"a":' }) },
  { name: 'a text of backslashes', taken: true, make: () => JSON.stringify('\\'.repeat(10_000)) },
  {
    name: 'numbers that are only long',
    taken: true,
    make: () => '[1e308,-1.7976931348623157e308,0.1e-400,123456789012345678901234567890]',
  },
  { name: 'the same name at different depths', taken: true, make: () => '{"a":{"a":{"a":1}},"b":{"a":1}}' },
  { name: 'empty things', taken: true, make: () => '[{},[],"",{"":""},null,true]' },
]
