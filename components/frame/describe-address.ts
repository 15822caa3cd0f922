export interface Described {
  title: string
  text: string
  back: { href: string; text: string }
  /** What is missing, where it may still appear: its id, and the environment to look in. */
  awaited: { environment: string; kind: 'ticket' | 'match' | 'session'; id: string } | null
}

const PAGES = ['tickets', 'matches', 'sessions', 'configurations', 'rule-sets', 'set-aside', 'health', 'bulk']

/** What an address that led nowhere was about, in words. `pathname` as in a URL, still encoded. */
export function describeAddress(pathname: string): Described {
  const [environment, page, id, ...rest] = pathname.split('/').slice(1).map(decode)
  if (!environment || (page && !PAGES.includes(page)) || rest.length > 0) {
    return {
      title: 'There is no such page',
      text: `Nothing is at ${decode(pathname)}.`,
      back: { href: '/', text: 'Go to the overview' },
      awaited: null,
    }
  }
  const start = `/${encodeURIComponent(environment)}`
  if (id && page === 'tickets') {
    return {
      title: `No ticket ${short(id)} in ${environment}`,
      text: 'No event has named it and GameLift has not described it. Check the id, and the environment. While this page is open Matchdesk goes on looking, and shows the ticket when there is one.',
      back: { href: `${start}/tickets`, text: 'Look at all tickets' },
      awaited: { environment, kind: 'ticket', id },
    }
  }
  if (id && page === 'matches') {
    return {
      title: `No match ${short(id)} in ${environment}`,
      text: 'No event has proposed a match with this id here. Check the id, and the environment. If one does while this page is open, the match appears.',
      back: { href: `${start}/matches`, text: 'Look at recent matches' },
      awaited: { environment, kind: 'match', id },
    }
  }
  if (id && page === 'sessions') {
    return {
      title: `No game session ${short(id)} in ${environment}`,
      text: 'FlexMatch has placed no match in a game session with this ARN here. Sessions made without matchmaking are not listed.',
      back: { href: `${start}/sessions`, text: 'Look at game sessions' },
      awaited: { environment, kind: 'session', id },
    }
  }
  if (id && page === 'bulk') {
    return {
      title: `No bulk run ${short(id)} in ${environment}`,
      text: 'Nobody has confirmed a run with this id here, or it is older than the environment keeps.',
      back: { href: `${start}/bulk`, text: 'Look at bulk runs' },
      awaited: null,
    }
  }
  return {
    title: `There is no environment called ${short(environment)}`,
    text: 'It does not exist, or you may not see it.',
    back: { href: '/', text: 'Go to the default environment' },
    awaited: null,
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function short(id: string): string {
  return id.length > 80 ? `${id.slice(0, 40)}…${id.slice(-30)}` : id
}
