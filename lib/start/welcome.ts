import path from 'node:path'
import { localAddress, type Settings } from '#lib/settings.ts'
import { dashboardAddress } from './addresses.ts'

/** What the terminal shows once everything answers. `signInUrl` is null when the engine runs alone. */
export function welcome(settings: Settings, signInUrl: string | null): string {
  const engine = localAddress(settings.host, settings.enginePort)
  const signInFile = path.relative('.', path.join(settings.dataDir, 'sign-in-url'))
  return [
    '',
    ...(signInUrl === null
      ? ['The FlexMatch engine is ready.', '']
      : [
          'Matchdesk is ready.',
          '',
          `  Dashboard   ${dashboardAddress(settings)}`,
          `  Sign in     ${signInUrl}`,
          `              works once; kept in ${signInFile}; npm run sign-in makes another`,
        ]),
    `  GameLift    ${engine} (region ${settings.region}, any credentials)`,
    '',
    '  Try it:',
    '  AWS_PAGER= AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws gamelift describe-matchmaking-configurations ' +
      `--region ${settings.region} --endpoint-url ${engine}`,
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n')
}

/** The same for one web process of several. */
export function welcomeReplica(settings: Settings): string {
  return [
    '',
    'This web process is ready.',
    '',
    `  Here        ${localAddress(settings.host, settings.port)}`,
    `  Dashboard   ${dashboardAddress(settings)}`,
    '  Sign in     npm run sign-in, with the same DATABASE_URL and MATCHDESK_ORIGIN, makes a link',
    '',
    '  Ctrl-C stops it; the others go on.',
    '',
  ].join('\n')
}
