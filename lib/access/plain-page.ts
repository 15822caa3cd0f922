/**
 * A page that needs no script, font or session, so that it can be shown whatever else is wrong. `inside` is HTML: text in
 * it goes through `escaped`.
 */
export function plainPage(status: number, title: string, inside: string): Response {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Matchdesk</title>
<style>
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
main { max-width: 34rem; margin: 15vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.4rem; margin: 0 0 .5rem }
code { font: .95em ui-monospace, monospace; padding: .1em .35em; border-radius: 4px; background: color-mix(in srgb, currentColor 10%, transparent) }
</style>
<main>
<h1>${escaped(title)}</h1>
${inside}
</main>
</html>
`
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    },
  })
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
