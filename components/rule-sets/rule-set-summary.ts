/** A rule set in one line: `2 teams of 5 · rules: FairSkill, FastConnection · 2 expansions`. Total: any text gives one. */
export function ruleSetSummary(body: string): string {
  let ruleSet: Record<string, unknown>
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'Not a JSON object.'
    ruleSet = parsed as Record<string, unknown>
  } catch {
    return 'Not valid JSON.'
  }
  const parts = [teams(list(ruleSet.teams))]
  const rules = list(ruleSet.rules).map(({ name }) => String(name ?? 'unnamed'))
  parts.push(rules.length === 0 ? 'no rules' : `${rules.length === 1 ? 'rule' : 'rules'}: ${rules.join(', ')}`)
  const expansions = list(ruleSet.expansions).length
  if (expansions > 0) parts.push(expansions === 1 ? '1 expansion' : `${expansions} expansions`)
  return parts.join(' · ')
}

type Entry = Record<string, unknown>
function list(value: unknown): Entry[] {
  return Array.isArray(value) ? value.filter((item): item is Entry => typeof item === 'object' && item !== null) : []
}

function teams(entries: Entry[]): string {
  if (entries.length === 0) return 'no teams'
  return entries
    .map(({ name, minPlayers, maxPlayers, quantity }) => {
      const size = minPlayers === maxPlayers ? `${maxPlayers}` : `${minPlayers}–${maxPlayers}`
      const times = typeof quantity === 'number' && quantity > 1 ? `${quantity} × ` : ''
      return `${times}${String(name ?? 'team')} of ${size}`
    })
    .join(', ')
}
