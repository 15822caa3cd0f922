import { execFile, spawnSync } from 'node:child_process'
import { type ContractClient, ServiceError } from './client.ts'

/** The AWS CLI, version 2 if there is one: only that has all forms of input. null when none is installed. */
export function findAwsCli(): { command: string; version: string } | null {
  const candidates = ['/usr/bin/aws', '/usr/local/bin/aws', 'aws', '/opt/homebrew/bin/aws']
  const found = candidates.flatMap((command) => {
    const { status, stdout, stderr } = spawnSync(command, ['--version'], { encoding: 'utf8' })
    const version = /aws-cli\/(\S+)/.exec(`${stdout}${stderr}`)?.[1]
    return status === 0 && version ? [{ command, version }] : []
  })
  return found.find(({ version }) => version.startsWith('2.')) ?? found[0] ?? null
}

export interface CliResult {
  code: number
  stdout: string
  stderr: string
}

/** Runs `aws gamelift …args` against the endpoint, in an environment that knows no real account. */
export function runAwsCli(command: string, endpoint: string | null, args: string[]): Promise<CliResult> {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  } as unknown as NodeJS.ProcessEnv
  const all = ['gamelift', ...args, ...(endpoint ? ['--endpoint-url', endpoint] : [])]
  return new Promise((resolve) => {
    execFile(command, all, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr })
    })
  })
}

export function cliClient(command: string, endpoint: string): ContractClient {
  return {
    async call(operation, input) {
      const name = operation.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
      const args = [name, '--cli-input-json', JSON.stringify(input), '--output', 'json', '--no-paginate']
      const { code, stdout, stderr } = await runAwsCli(command, endpoint, args)
      if (code === 0) return stdout.trim() === '' ? {} : JSON.parse(stdout)
      const refused = /An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: ([\s\S]*)/.exec(
        stderr,
      )
      throw refused ? new ServiceError(refused[1] ?? '', refused[2]?.trim() ?? '') : new Error(stderr)
    },
    async close() {},
  }
}
