export function flagsFor(version: string | null): string[] | null
