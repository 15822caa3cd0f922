export function missingPackages(options: { root?: string; dev: boolean }): string[]
