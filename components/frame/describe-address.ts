export interface Described {
  title: string
  text: string
  back: { href: string; text: string }
}

const PAGES = ['tickets', 'matches', 'sessions', 'configurations', 'rule-sets']

/** What an address that led nowhere was about, in words. `pathname` as in a URL, still encoded. */
export function describeAddress(pathname: string): Described {
  const [environment, page, id, ...rest] = pathname.split('/').slice(1).map(decode)
  if (!environment || (page && !PAGES.includes(page)) || rest.length > 0) {
    return {
      title: 'There is no such page',
      text: `Nothing is at ${decode(pathname)}.`,
      back: { href: '/', text: 'Go to the overview' },
    }
  }
  const start = `/${encodeURIComponent(environment)}`
  if (id && page === 'tickets') {
    return {
      title: `No ticket ${short(id)} in ${environment}`,
      text: 'No event has named it and GameLift has not described it to Matchdesk. A ticket that was started a moment ago appears as soon as its first event arrives. Check the id, and the environment.',
      back: { href: `${start}/tickets`, text: 'Look at all tickets' },
    }
  }
  if (id && page === 'matches') {
    return {
      title: `No match ${short(id)} in ${environment}`,
      text: 'No event has proposed a match with this id here. Check the id, and the environment.',
      back: { href: `${start}/matches`, text: 'Look at recent matches' },
    }
  }
  if (id && page === 'sessions') {
    return {
      title: `No game session ${short(id)} in ${environment}`,
      text: 'FlexMatch has placed no match in a game session with this ARN here. Sessions made without matchmaking are not listed.',
      back: { href: `${start}/sessions`, text: 'Look at game sessions' },
    }
  }
  return {
    title: `There is no environment called ${short(environment)}`,
    text: 'It does not exist, or you may not see it.',
    back: { href: '/', text: 'Go to the default environment' },
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
