import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
main { max-width: 34rem; margin: 15vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.4rem; margin: 0 0 .5rem }
code { font: .95em ui-monospace, monospace; padding: .1em .35em; border-radius: 4px; background: color-mix(in srgb, currentColor 10%, transparent) }
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Nothing may be loaded or run, and the one style is named by its content. */
export const PLAIN_PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; script-src 'none'; style-src 'sha256-${STYLE_HASH}'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
}

/**
 * A page that needs no script, font or session, so that it can be shown whatever else is wrong. `inside` is HTML: text in
 * it goes through `escaped`.
 */
export function plainPage(status: number, title: string, inside: string): Response {
  return new Response(plainPageText(title, inside), { status, headers: PLAIN_PAGE_HEADERS })
}

export function plainPageText(title: string, inside: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Matchdesk</title>
<style>${STYLE}</style>
<main>
<h1>${escaped(title)}</h1>
${inside}
</main>
</html>
`
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
