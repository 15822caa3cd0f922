/** What a forger may do to a good message. Each gives the text of a body that must be refused. */
import { TOPIC } from '#lib/channels/sns/testing/messages.ts'

type Body = Record<string, string>
/** `other` is a second good message, of its own id and text. */
export interface Mutation {
  what: string
  /** Which kind of good message it begins with. */
  of: 'Notification' | 'SubscriptionConfirmation'
  make(good: Body, other: Body): string
}

const text = (value: unknown) => JSON.stringify(value)
function change(what: string, changes: Record<string, unknown>, of: Mutation['of'] = 'Notification'): Mutation {
  return { what, of, make: (good) => text({ ...good, ...changes }) }
}
function drop(name: string, of: Mutation['of'] = 'Notification'): Mutation {
  return { what: `without ${name}`, of, make: (good) => text({ ...good, [name]: undefined }) }
}
function edit(what: string, name: string, how: (value: string) => unknown, of?: Mutation['of']): Mutation {
  return {
    what: `${name} ${what}`,
    of: of ?? 'Notification',
    make: (good) => text({ ...good, [name]: how(good[name] ?? '') }),
  }
}
function flip(base64: string, byte: number, bit: number): string {
  const bytes = Buffer.from(base64, 'base64')
  bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit)
  return bytes.toString('base64')
}
function rename(what: string, from: string, to: string): Mutation {
  return {
    what,
    of: 'Notification',
    make: ({ [from]: value, ...good }) => text({ ...good, [to]: value }),
  }
}

export const MUTATIONS: readonly Mutation[] = [
  // Signature
  ...[0, 1, 64, 127, 128, 200, 254, 255].map((byte) =>
    edit(`with byte ${byte} flipped`, 'Signature', (value) => flip(value, byte, byte % 8)),
  ),
  edit('cut', 'Signature', (value) => value.slice(0, -8)),
  edit('lengthened', 'Signature', (value) => `AAAA${value}`),
  edit('twice', 'Signature', (value) => value.replace(/=*$/, '') + value),
  edit('in hexadecimal', 'Signature', (value) => Buffer.from(value, 'base64').toString('hex')),
  edit('with a line break', 'Signature', (value) => `${value.slice(0, 76)}\n${value.slice(76)}`),
  edit('reversed', 'Signature', (value) => Buffer.from(value, 'base64').reverse().toString('base64')),
  change('empty Signature', { Signature: '' }),
  change('Signature of zeros', { Signature: Buffer.alloc(256).toString('base64') }),
  change('Signature of ones', { Signature: Buffer.alloc(256, 255).toString('base64') }),
  change('Signature null', { Signature: null }),
  {
    what: 'Signature of another message',
    of: 'Notification',
    make: (good, other) => text({ ...good, Signature: other.Signature }),
  },
  // Version
  edit('swapped', 'SignatureVersion', (value) => (value === '1' ? '2' : '1')),
  change('version 3', { SignatureVersion: '3' }),
  change('version 0', { SignatureVersion: '0' }),
  edit('as a number', 'SignatureVersion', Number),
  edit('with a space', 'SignatureVersion', (value) => `${value} `),
  edit('with a leading zero', 'SignatureVersion', (value) => `0${value}`),
  edit('in a list', 'SignatureVersion', (value) => [value]),
  change('version none', { SignatureVersion: 'none' }),
  change('version empty', { SignatureVersion: '' }),
  // What is signed
  edit('with one character more', 'Message', (value) => `${value} `),
  edit('with one character less', 'Message', (value) => value.slice(0, -1)),
  edit('in other case', 'Message', (value) => value.toUpperCase()),
  edit('as an object', 'Message', (value) => ({ value })),
  edit('as a list', 'Message', (value) => [value]),
  change('Message a number', { Message: 7 }),
  change('Message null', { Message: null }),
  change('Message true', { Message: true }),
  change('Message empty', { Message: '' }),
  edit('of another id', 'MessageId', () => '00000000-0000-4000-8000-000000000000'),
  edit('with a line break', 'MessageId', (value) => `${value}\nSubject\nx`),
  edit('a second later', 'Timestamp', (value) => new Date(Date.parse(value) + 1_000).toISOString()),
  edit('without milliseconds', 'Timestamp', (value) => value.replace(/\.\d+/, '')),
  edit('in another zone', 'Timestamp', (value) => value.replace('Z', '+00:00')),
  edit('as a number', 'Timestamp', (value) => Date.parse(value)),
  {
    what: 'text of another message',
    of: 'Notification',
    make: (good, other) => text({ ...good, Message: other.Message }),
  },
  {
    what: 'id of another message',
    of: 'Notification',
    make: (good, other) => text({ ...good, MessageId: other.MessageId }),
  },
  // The line between two members moved
  {
    what: 'id moved into the text',
    of: 'Notification',
    make: ({ Message = '', MessageId = '', ...good }) =>
      text({ ...good, Message: `${Message}\nMessageId\n${MessageId}`, MessageId: '' }),
  },
  {
    what: 'text moved into the id',
    of: 'Notification',
    make: ({ Message = '', MessageId = '', ...good }) =>
      text({ ...good, Message: Message.slice(0, 1), MessageId: `${Message.slice(1)}\nMessageId\n${MessageId}` }),
  },
  {
    what: 'time moved into a subject',
    of: 'Notification',
    make: (good) => text({ ...good, Subject: `x\nTimestamp\n${good.Timestamp}` }),
  },
  // Members there should not be, or not twice
  change('a Subject that was not signed', { Subject: 'urgent' }),
  change('Subject null', { Subject: null }),
  change('an empty Subject', { Subject: '' }),
  change('a Token', { Token: 'abc' }),
  change('a SubscribeURL', { SubscribeURL: 'https://evil.example/' }),
  change('SigningCertUrl beside SigningCertURL', { SigningCertUrl: 'https://evil.example/x.pem' }),
  change('message beside Message', { message: '{}' }),
  change('topicArn beside TopicArn', { topicArn: 'arn:aws:sns:eu-central-1:999999999999:evil' }),
  change('TYPE beside Type', { TYPE: 'SubscriptionConfirmation' }),
  change('" Type" beside Type', { ' Type': 'SubscriptionConfirmation' }),
  rename('SigningCertUrl instead of SigningCertURL', 'SigningCertURL', 'SigningCertUrl'),
  rename('signature instead of Signature', 'Signature', 'signature'),
  rename('TopicARN instead of TopicArn', 'TopicArn', 'TopicARN'),
  {
    what: 'Message twice, the good one last',
    of: 'Notification',
    make: (good) => text(good).replace('{', '{"Message":"evil",'),
  },
  {
    what: 'Message twice, written with an escape',
    of: 'Notification',
    make: (good) => text(good).replace('{', '{"\\u004dessage":"evil",'),
  },
  {
    what: 'TopicArn twice',
    of: 'Notification',
    make: (good) => text(good).replace(/\}$/, `,"TopicArn":${text(TOPIC)}}`),
  },
  { what: 'Type twice', of: 'Notification', make: (good) => text(good).replace('{', '{"Type":"Notification",') },
  {
    what: 'in __proto__',
    of: 'Notification',
    make: (good) => `{"__proto__":${text(good)},"Type":"Notification"}`,
  },
  { what: 'in a list', of: 'Notification', make: (good) => text({ ...good, Type: [good.Type] }) },
  // Another kind of message
  change('a confirmation of what was a notification', {
    Type: 'SubscriptionConfirmation',
    Token: 'a',
    SubscribeURL: 'https://a/',
  }),
  change('a notification of what was a confirmation', { Type: 'Notification' }, 'SubscriptionConfirmation'),
  change('an end of what was a confirmation', { Type: 'UnsubscribeConfirmation' }, 'SubscriptionConfirmation'),
  change('Type in other case', { Type: 'notification' }),
  change('Type unknown', { Type: 'Publish' }),
  change('Type __proto__', { Type: '__proto__' }),
  change('Type constructor', { Type: 'constructor' }),
  edit('exchanged', 'Token', () => 'ffff412f37fb687f5d51e6e2425a8a59', 'SubscriptionConfirmation'),
  edit('exchanged', 'SubscribeURL', () => 'https://evil.example/', 'SubscriptionConfirmation'),
  drop('Token', 'SubscriptionConfirmation'),
  drop('SubscribeURL', 'SubscriptionConfirmation'),
  ...['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'SignatureVersion', 'Signature', 'SigningCertURL'].map(
    (name) => drop(name),
  ),
  // A bare event, as raw message delivery sends it
  {
    what: 'without the envelope',
    of: 'Notification',
    make: () => text({ version: '0', 'detail-type': 'GameLift Matchmaking Event', source: 'aws.gamelift' }),
  },
]
