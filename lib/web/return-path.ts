/**
 * Where to go back to after signing in: a path of ours, or the start. Only what every reader takes for a path alone is
 * taken: browsers see another host in `//evil.test`, in `/\evil.test` and behind a tab they drop.
 */
export function returnPath(given: string | null | undefined): string {
  if (!given || given.length > 2_000 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(given)) return '/'
  const base = 'https://matchdesk.invalid'
  const url = URL.parse(given, base)
  if (url?.origin !== base || url.username !== '' || url.pathname.startsWith('//')) return '/'
  // Not to a route: its answer is no page. And not to where it came from.
  if (/^\/(api|_next|sign-in|sign-out)(\/|$)/i.test(url.pathname)) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
