import { ActionError, type ActionFailure } from '#lib/flexmatch/result.ts'

/**
 * Saves what a GET route answers, under the name it gives. Resolves with that name once all of it is there: a file that
 * broke off half-way is not saved. Throws an ActionError.
 */
export async function saveFile(path: string): Promise<string> {
  let response: Response
  let content: Blob | null = null
  try {
    response = await fetch(path)
    if (response.ok) content = await response.blob()
  } catch {
    throw problem('The file did not come whole, so nothing was saved. Check that Matchdesk is running, and try again.')
  }
  if (content === null) {
    const body = (await response.json().catch(() => null)) as { error?: ActionFailure } | null
    throw body?.error ? new ActionError(body.error) : problem(`Matchdesk answered with status ${response.status}.`)
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export'
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return name
}

function problem(message: string): ActionError {
  return new ActionError({ code: 'INTERNAL', message, requestId: '' })
}
