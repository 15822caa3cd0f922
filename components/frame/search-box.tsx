'use client'

import { clsx } from 'clsx'
import { CornerDownLeft, Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useId, useRef, useState } from 'react'
import { COLOURS } from '#components/environments/colours.ts'
import { search, searchEverywhere } from '#components/live/queries.ts'
import { Link } from '#components/ui/link.tsx'
import { MENU_ITEM } from '#components/ui/menu.tsx'
import type { FoundInEnvironment } from '#lib/tickets/views.ts'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'
import { addressOfPage, PAGES } from './pages.ts'

const SEARCH_ID = 'desk-search'

export function focusSearch(): void {
  const input = document.getElementById(SEARCH_ID)
  if (input instanceof HTMLInputElement) {
    input.focus()
    input.select()
  }
}

/**
 * Takes any id or ARN pasted into it and goes there; an id that is not known here gets an exact answer, with the other
 * environments that know it. Also names pages.
 */
export function SearchBox() {
  const { environment, environments, nowhere = false } = useDesk()
  const router = useRouter()
  const listId = useId()
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [pending, setPending] = useState(false)
  const [answer, setAnswer] = useState<string | null>(null)
  const [elsewhere, setElsewhere] = useState<FoundInEnvironment[]>([])
  const asked = useRef(0)

  const wanted = text.trim()
  const pages = PAGES.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()))

  function forget() {
    setAnswer(null)
    setElsewhere([])
  }

  function leave() {
    setOpen(false)
    setActive(-1)
    setText('')
    forget()
  }

  function go(target: string) {
    leave()
    router.push(target)
  }

  async function lookUp() {
    if (wanted === '') return
    const turn = ++asked.current
    setPending(true)
    forget()
    try {
      const here = nowhere ? null : await search(environment.name, wanted)
      if (turn !== asked.current) return
      if (here?.found) return go(here.href)
      const others = nowhere || environments.length > 1 ? await searchEverywhere(wanted) : []
      if (turn !== asked.current) return
      if (here === null && others.length === 1 && others[0]) return go(others[0].href)
      setElsewhere(others)
      const known = others.length === 0 ? 'No environment knows it.' : 'It is known in:'
      setAnswer(here === null ? known : others.length === 0 ? here.message : `${here.message} ${known}`)
    } catch (error) {
      if (turn === asked.current) setAnswer(error instanceof Error ? error.message : 'The search failed.')
    } finally {
      if (turn === asked.current) setPending(false)
    }
  }

  const showList = open && answer === null && pages.length > 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> lacks support in browsers we run in
    <form
      role="search"
      className="relative min-w-0"
      onSubmit={(event) => {
        event.preventDefault()
        const page = showList ? pages[active] : undefined
        if (page) go(addressOfPage(page, environment.name))
        else void lookUp()
      }}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden />
      <input
        id={SEARCH_ID}
        type="text"
        role="combobox"
        aria-label="Find by id"
        aria-expanded={showList}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={showList && active >= 0 ? `${listId}-${active}` : undefined}
        aria-describedby={answer === null ? undefined : `${listId}-answer`}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="go"
        placeholder="Ticket, player, match or session id"
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value)
          forget()
          setActive(-1)
          setOpen(true)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive((at) => Math.min(at + 1, pages.length - 1))
          else if (event.key === 'ArrowUp') setActive((at) => Math.max(at - 1, -1))
          else if (event.key === 'Escape') {
            if (answer === null && !showList) setText('')
            forget()
            setOpen(false)
            return
          } else return
          setOpen(true)
          event.preventDefault()
        }}
        className="h-8 w-full rounded-md border border-line-strong bg-panel pr-14 pl-8 text-sm"
      />
      <kbd className="pointer-events-none absolute top-1.5 right-2 rounded border px-1 font-sans text-2xs text-faint max-md:hidden">
        {pending ? '…' : 'Ctrl K'}
      </kbd>
      <div
        className={clsx(
          'absolute top-full right-0 left-0 z-40 mt-1 rounded-lg border border-line-strong bg-raised p-1 shadow-raised',
          !showList && answer === null && 'hidden',
        )}
      >
        <p
          id={`${listId}-answer`}
          role="status"
          className={clsx('px-2 py-1.5 text-sm break-words', answer === null && 'hidden')}
        >
          {answer}
        </p>
        {elsewhere.length > 0 && (
          <ul aria-label="Known in other environments">
            {elsewhere.map(({ environment: there, kind, href: target }) => (
              <li key={there.name}>
                <Link href={target} className={MENU_ITEM} onClick={leave}>
                  <span className={clsx('h-4 w-1 shrink-0 rounded-full', COLOURS[there.colour])} aria-hidden />
                  <EnvironmentTag environment={there} />
                  <span className="ml-auto text-xs text-muted">{kind}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        {showList && (
          <>
            {wanted !== '' && (
              <button
                type="submit"
                className="flex min-h-8 w-full items-center gap-2 rounded px-2 text-left text-sm hover:bg-hover"
              >
                <CornerDownLeft className="size-3.5 shrink-0 text-faint" aria-hidden />
                <span className="min-w-0 truncate">
                  Find <bdi className="font-mono">{wanted}</bdi>
                </span>
              </button>
            )}
            <div id={listId} role="listbox" aria-label="Pages">
              {pages.map(({ icon: Icon, ...page }, index) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox brings the keyboard
                <div
                  key={page.path}
                  id={`${listId}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === active}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => go(addressOfPage(page, environment.name))}
                  className={clsx(
                    'flex h-8 cursor-pointer items-center gap-2 rounded px-2 text-sm hover:bg-hover',
                    index === active && 'bg-active',
                  )}
                >
                  <Icon className="size-4 text-muted" aria-hidden />
                  Go to {page.name.toLowerCase()}
                </div>
              ))}
            </div>
          </>
        )}
      </div>
    </form>
  )
}
