/** Programs the tests use that npm does not bring: a browser, the AWS clients of the wire conformance tests, and nginx. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { runStep, say } from './progress.mjs'
import { tool, toolEnv } from './runtime.mjs'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Installs what is missing from Debian's packages where we may, the browser else by Playwright's own download.
 * @returns {Promise<{ CHROMIUM_PATH?: string }>} environment for the tests; without CHROMIUM_PATH Playwright's own browser
 */
export async function ensureTestPrograms() {
  const wanted = [
    ...(browser() ? [] : ['chromium', 'fonts-liberation']),
    ...(hasAwsCli() ? [] : ['awscli']),
    ...(hasBoto3() ? [] : ['python3-boto3']),
    ...(hasNginx() ? [] : ['nginx-light']),
  ]
  if (wanted.length > 0 && mayUseApt()) await installFromDebian(wanted)
  if (!hasAwsCli()) say('There is no AWS CLI version 2: its tests will be skipped')
  if (!hasBoto3()) say('There is no boto3: its tests will be skipped')
  if (!hasNginx()) say('There is no nginx: a balancer of a few lines stands in for it')
  const found = browser()
  if (found) return { CHROMIUM_PATH: found }
  await runStep('Downloading a browser', tool('playwright', 'install', 'chromium'), { env: toolEnv() })
  return {}
}

/** A package that cannot be had must not keep the others away. */
async function installFromDebian(packages) {
  const env = toolEnv({ DEBIAN_FRONTEND: 'noninteractive' })
  const apt = (...args) => ['apt-get', '-qq', '-o', 'Dpkg::Use-Pty=0', ...args]
  await runStep('Reading the list of Debian packages', apt('update'), { env, quiet: true })
  for (const name of packages) {
    await runStep(`Installing ${name}`, apt('install', '-y', '--no-install-recommends', name), { env, quiet: true })
  }
}

function mayUseApt() {
  return process.getuid?.() === 0 && works('apt-get', '--version')
}

function browser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  const folders = (process.env.PATH ?? '').split(':')
  return BROWSERS.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((file) => fs.existsSync(file))
}

function hasAwsCli() {
  return ['/usr/bin/aws', 'aws'].some((file) =>
    /aws-cli\/2\./.test(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? ''),
  )
}

function hasBoto3() {
  return ['/usr/bin/python3', 'python3'].some((python) => works(python, '-c', 'import boto3'))
}

function hasNginx() {
  return works('/usr/sbin/nginx', '-v') || works('nginx', '-v')
}

function works(file, ...args) {
  return spawnSync(file, args).status === 0
}
