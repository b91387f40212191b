import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ALARMS, alarmName, alarmOf, type AlarmId } from '../../../core/detection/alarms'
import { RESPONSES } from '../../../core/detection/scenarios'
import { SENSITIVE_CALLS } from '../../../core/detection/sensitive-calls'
import { resolvePolicy } from '../../../policy'

const GUIDES = join(__dirname, '../../../docs/runbooks')
const PARTS = ['Meaning', 'Check', 'Act', 'When not to']

/** The parts that the section of a guide lacks; all of them where the file or the section is not there. */
function missingFrom(guide: string, read: (file: string) => string = textOf): string[] {
  const [file, anchor] = guide.split('#')
  const section = read(file!)
    .split(/^## /m)
    .find((text) => text.split('\n')[0]!.trim().toLowerCase().replaceAll(' ', '-') === anchor)
  return PARTS.filter((part) => !new RegExp(`^\\*\\*${part}\\.\\*\\* .{20,}`, 'm').test(section ?? ''))
}
function textOf(file: string): string {
  return readFileSync(join(GUIDES, file), 'utf8')
}

describe('the register of alarms', () => {
  const ids = Object.keys(ALARMS) as AlarmId[]

  it.each(ids)('%s has a guide with meaning, check, act and when not to', (id) => {
    expect(missingFrom(ALARMS[id].guide)).toEqual([])
  })

  it('would not pass with a guide that is not there or says too little', () => {
    expect(missingFrom('backups.md#nowhere')).toEqual(PARTS)
    const short = '## Lag\n\n**Meaning.** The replica is behind by minutes.\n\n**Check.** Look.\n'
    expect(missingFrom('x.md#lag', () => short)).toEqual(['Check', 'Act', 'When not to'])
  })

  it('names owners who are contacts', () => {
    const contacts = resolvePolicy('production').contacts.primary.map(({ role }) => role)
    expect(ids.filter((id) => !contacts.includes(ALARMS[id].owner))).toEqual([])
  })

  it('is found again by the name of an alarm, and by nothing else', () => {
    expect(alarmOf('neonpro-test', alarmName('neonpro-test', 'replica-lag', 'g2'))).toEqual({
      id: 'replica-lag',
      subject: 'g2',
    })
    expect(alarmOf('neonpro-test', alarmName('neonpro-test', 'guard-silent'))).toEqual({ id: 'guard-silent' })
    expect(alarmOf('neonpro-test', 'neonpro-staging/guard-silent')).toBeUndefined()
    expect(alarmOf('neonpro-test', 'neonpro-test/constructor')).toBeUndefined()
    expect(alarmOf('neonpro-test', 'somebody-elses-alarm')).toBeUndefined()
  })
})

describe('the register of sensitive calls', () => {
  it.each(Object.entries(SENSITIVE_CALLS))(
    '%s has a guide with meaning, check, act and when not to',
    (_id, { guide }) => {
      expect(missingFrom(guide)).toEqual([])
    },
  )
})

describe('the table of responses', () => {
  const policy = resolvePolicy('production')

  it('covers every disaster of the procedure', () => {
    expect(Object.keys(RESPONSES)).toEqual(expect.arrayContaining(Object.keys(policy.scenarios)))
  })

  it.each(Object.entries(RESPONSES))('%s says what a person does', (_scenario, { byHand }) => {
    expect(missingFrom(byHand)).toEqual([])
  })
})
