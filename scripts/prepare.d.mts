export function prepare(needs: { dev?: boolean; built?: boolean; running?: string | null }): Promise<() => void>
