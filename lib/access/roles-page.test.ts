import { expect, it } from 'vitest'
import { rolesPage } from './roles-page.ts'

it('docs/roles.md says what the role table says', async () => {
  await expect(rolesPage()).toMatchFileSnapshot('../../docs/roles.md')
})
