import { describe, expect, it } from 'vitest'
import { HELP, readCommandLine, UsageError } from './command-line.mjs'

const NOTHING = {
  ...{ help: false, port: null, host: null, config: null, run: null, memory: false },
  ...{ databaseUrl: null, dataDir: null, clock: null, options: null },
}

describe('the options of matchdesk engine', () => {
  it('are all optional', () => {
    expect(readCommandLine([])).toEqual(NOTHING)
  })

  it('are read with their values', () => {
    const line = '--port 0 --host=0.0.0.0 --config a/b.yaml --memory --clock paused --options {"tickMs":5}'
    expect(readCommandLine(line.split(' '))).toEqual({
      ...NOTHING,
      ...{ port: 0, host: '0.0.0.0', config: 'a/b.yaml', memory: true, clock: 'paused', options: { tickMs: 5 } },
    })
    expect(readCommandLine(['--database-url', 'postgres://h/d'])).toMatchObject({ databaseUrl: 'postgres://h/d' })
    expect(readCommandLine(['--data-dir', 'data', '--run', 'run.jsonl'])).toMatchObject({
      dataDir: 'data',
      run: 'run.jsonl',
    })
  })

  it.each([
    ['--prot 1', 'There is no option --prot. matchdesk engine --help lists the options.'],
    ['-p 1', 'There is no option -p. '],
    ['9080', '"9080" is no option. '],
    ['--port', '--port needs a value. '],
    ['--port --memory', '--port needs a value. '],
    ['--memory=yes', '--memory takes no value.'],
    ['--port 70000', '--port is "70000"; it must be a port number from 0 to 65535.'],
    ['--host a/b', '--host is "a/b"; it must be an address, for example 127.0.0.1.'],
    ['--clock fast', '--clock is "fast"; it must be running or paused.'],
    ['--database-url mysql://u:secret@h/d', '--database-url is not one; it must be a postgres:// address.'],
    ['--options {', '--options is not JSON: '],
    ['--options 3', '--options must be a JSON object, '],
    ['--memory --data-dir x', '--memory and --data-dir exclude each other: both say where the data is kept.'],
  ])('refuse %s in words that name it', (line, message) => {
    const read = () => readCommandLine(line.split(' '))
    expect(read).toThrow(UsageError)
    expect(read).toThrow(message)
  })

  it('are all in the help text', () => {
    const taken = ['port', 'host', 'config', 'run', 'memory', 'database-url', 'data-dir', 'clock', 'options', 'help']
    expect([...HELP.matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name)).toEqual(taken)
  })
})
