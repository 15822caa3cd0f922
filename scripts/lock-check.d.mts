export function incompleteEntries(lock: {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>
}): string[]
export function unpinned(manifest: Record<string, unknown>): string[]
