import { expect, it } from 'vitest'
import { redriveSentence } from './set-aside-words.ts'

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
