import { expect, it } from 'vitest'
import { optionPage } from './testing/option-page.ts'

it('is what the page of the options says', async () => {
  await expect(optionPage()).toMatchFileSnapshot('../../../docs/engine-options.md')
})
