'use client'

import { useEffect } from 'react'
import { late } from '#components/ui/late.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useDesk } from './desk.tsx'

const PersonChoices = late(() => import('./person-choices.tsx').then((module) => module.PersonChoices))

export function PersonMenu() {
  const { person } = useDesk()
  useEffect(PersonChoices.soon, [])
  const initials = person.name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase()
  return (
    <Menu
      name={`${person.name}, ${person.role}`}
      label={initials || '?'}
      buttonClassName="size-8 rounded-full border border-line-strong bg-panel text-xs font-semibold hover:bg-hover"
      className="w-60"
    >
      {(close) => <PersonChoices when close={close} />}
    </Menu>
  )
}
