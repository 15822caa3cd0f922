import { expect, it } from 'vitest'
import { queueSentence, redriveSentence } from './set-aside-words.ts'

it.each([
  [{ taken: 1, refused: [], more: false }, '1 message taken.'],
  [{ taken: 0, refused: [{ reason: 'x', count: 2 }], more: false }, 'None was taken, 2 messages refused again.'],
  [
    {
      taken: 1_200,
      refused: [
        { reason: 'x', count: 2 },
        { reason: 'y', count: 1 },
      ],
      more: true,
    },
    '1,200 messages taken, 3 messages refused again. There are more: redrive again.',
  ],
  [{ taken: 0, refused: [], more: false }, 'None was taken.'],
])('says how a redrive went', (result, sentence) => {
  expect(redriveSentence(result)).toBe(sentence)
})

it.each([
  [{ waiting: 0, inHand: 0 }, 'Empty: everything that came is in the index.'],
  [{ waiting: 0, inHand: 1 }, 'Empty but for 1 message in hand.'],
  [{ waiting: 3, inHand: 1 }, 'About 3 messages waiting, 1 in hand.'],
  [{ waiting: 12_345, inHand: 90 }, 'Catching up: about 12,345 messages waiting, 90 in hand.'],
  [{ waiting: null, inHand: null, problem: 'SQS knows no such queue.' }, 'SQS knows no such queue.'],
])('says how a queue stands', (given, sentence) => {
  const queue = {
    queueUrl: 'https://sqs/1/q',
    name: 'q',
    hasDeadLetters: true,
    deadLetters: 0,
    problem: null,
    ...given,
  }
  expect(queueSentence(queue)).toBe(sentence)
})
