import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROCEDURES, type Procedure } from '../../../core/procedure/printed'
import { BY_HAND } from '../../../core/procedure/by-hand'
import { procedureDocument } from '../../../core/procedure/markdown'
import { valuesOf } from '../../../core/procedure/values'
import { withRecoveryRegion } from '../../../core/policy'
import { isStarted } from '../../../core/runbook/starts'
import { RUNBOOKS } from '../../../core/runbook/runbooks'
import { resolvePolicy } from '../../../policy'

const procedureOf = (name: string): Procedure => PROCEDURES.find((procedure) => procedure.name === name)!
const idsOf = (procedure: Procedure): readonly string[] => procedure.steps.map(({ id }) => id)

/** The order that never changes wherever traffic moves. */
const ORDER = [
  'decide',
  'claim-epoch',
  'fence',
  'confirm',
  'promote',
  'prove',
  'switch-traffic',
  'validate',
  'replay-ledger',
  'bring-up',
  'settle-epoch',
  'open',
  'promote-secrets',
  'serve',
  'report',
]

describe('the printed procedures', () => {
  it('are those of every runbook that can be executed', () => {
    expect(PROCEDURES.map(({ name }) => name)).toEqual(Object.keys(RUNBOOKS))
  })

  it('keep the order wherever traffic moves, whatever stands between', () => {
    const moving = PROCEDURES.filter((procedure) => idsOf(procedure).includes('switch-traffic'))
    expect(moving.length).toBeGreaterThan(1)
    for (const procedure of moving) {
      const known = idsOf(procedure).filter((id) => ORDER.includes(id))
      expect(known).toEqual(ORDER.filter((id) => known.includes(id)))
      expect(known).toEqual(expect.arrayContaining(['decide', 'fence', 'prove', 'validate', 'replay-ledger', 'open']))
    }
    expect(idsOf(procedureOf('region-failover'))).toEqual(ORDER)
  })

  it('promise an undo only before the point of no return', () => {
    const undoing = (name: string) =>
      procedureOf(name)
        .steps.filter(({ onFailure }) => onFailure.includes('and undo'))
        .map(({ id }) => id)
    expect(undoing('region-failover')).toEqual(['decide', 'claim-epoch', 'fence', 'confirm'])
    expect(undoing('zone-failover')).toEqual(['decide'])
    expect(undoing('point-in-time-recovery')).toEqual([
      'decide',
      'claim-epoch',
      'fence',
      'confirm',
      'restore-beside',
      'prove',
      'switch-traffic',
      'validate',
      'replay-ledger',
      'settle-epoch',
    ])
    // Nothing is given back to an attacker.
    expect(undoing('isolate-and-recover')).toEqual(['decide'])
    expect(undoing('failback')).toEqual([
      'decide',
      'close-behind',
      'compare-secrets',
      'claim-epoch',
      'fence',
      'confirm',
      'catch-up',
    ])
  })

  it.each(PROCEDURES)('say who is asked, when not to use it, and what to do by hand: $name', (procedure) => {
    expect(procedure.whenNotToUse.length).toBeGreaterThan(2)
    expect(procedure.steps.every(({ byHand, undo }) => byHand.length > 20 && undo.length > 5)).toBe(true)
    const decides = procedure.steps.find(({ id }) => id === 'decide' || id === 'approve')
    if (decides) expect(decides.approval).toContain('a second person')
    else expect(procedure.name).toBe('restore-test')
  })
})

describe.each(PROCEDURES)('the document of $name', (procedure) => {
  const values = valuesOf(withRecoveryRegion(resolvePolicy('production')), procedure.name)
  const document = procedureDocument(procedure, values)

  it('tells each step, and no step that there is not', () => {
    expect(Object.keys(BY_HAND[procedure.name]).toSorted()).toEqual(idsOf(procedure).toSorted())
  })

  it('says how to take back whatever can be taken back, and nothing else', () => {
    const [undone, kept] = [true, false].map((isUndone) =>
      RUNBOOKS[procedure.name].steps.filter(({ undo }) => 'run' in undo === isUndone).map(({ id }) => id),
    )
    const told = procedure.steps.filter(({ wayBack = [] }) => wayBack.length > 0).map(({ id }) => id)
    expect(told).toEqual(undone)
    expect(kept).toEqual(procedure.steps.map(({ id }) => id).filter((id) => !told.includes(id)))
    for (const { wayBack = [] } of procedure.steps) for (const command of wayBack) expect(document).toContain(command)
  })

  it('names a command that starts it only where there is one', () => {
    expect(document.includes(`recovery runbook start ${procedure.name} `)).toBe(isStarted(procedure.name))
  })

  it('lets nothing stand for a copy that is yet to be made', () => {
    const makesCopy = idsOf(procedure).includes('restore-beside')
    expect(values.some((line) => /^export SUCCESSOR(_HOST)?=/.test(line))).toBe(
      !makesCopy && procedure.name !== 'compliance-remediation',
    )
  })

  it('says when not to use it before it says how', () => {
    expect(document.indexOf('**Do not use it when**')).toBeGreaterThan(0)
    expect(document.indexOf('**Do not use it when**')).toBeLessThan(document.indexOf('```'))
  })

  it('uses no variable that the first block does not set, or a step itself', () => {
    const used = [...document.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name]) => name)
    const set = new Set([...document.matchAll(/(?:export| )\b([A-Z][A-Z_]+)=/g)].map(([, name]) => name))
    expect([...new Set(used)].filter((name) => !set.has(name))).toEqual([])
  })

  it.each(['bash'])('is a script that %s can read', (shell) => {
    const blocks = [...document.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block!).join('\n')
    const { status, stderr } = spawnSync(shell, ['-n'], {
      input: blocks.replaceAll(/<[a-zA-Z]+>/g, 'x'),
      encoding: 'utf8',
    })
    expect([stderr, status]).toEqual(['', 0])
  })

  it('gives every call of AWS arguments that are JSON where they have to be', () => {
    const blocks = [...document.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block!).join('\n')
    // No program of the document is found, and whatever it redirects lands in a folder that is thrown away.
    // One variable that is not set where it is used ends the script, and so would end the patience of whoever copies it.
    const script = `set -u\njq() { echo '{}'; }\naws() { printf '%s\\n' "$@" >&2; }\n${blocks.replaceAll(/<[a-zA-Z]+>/g, 'x').replaceAll('=...', '=1')}\nprintf 'done with all of it\\n' >&2`
    const nowhere = mkdtempSync(join(tmpdir(), 'procedure-'))
    const { stderr } = spawnSync('/bin/bash', ['-c', script], {
      encoding: 'utf8',
      cwd: nowhere,
      env: { PATH: '/nonexistent', HOME: nowhere },
      timeout: 20_000,
    })
    rmSync(nowhere, { recursive: true, force: true })
    expect(stderr).not.toContain('unbound variable')
    const words = stderr.split('\n')
    expect(words.at(-2)).toBe('done with all of it')
    const given = words.filter((_, at) => JSON_OPTIONS.includes(words[at - 1] ?? ''))
    for (const json of given) expect(() => JSON.parse(json)).not.toThrow()
    if (idsOf(procedure).includes('claim-epoch')) expect(given.length).toBeGreaterThan(5)
  })
})

const JSON_OPTIONS = ['--item', '--key', '--payload', '--expression-attribute-values', '--expression-attribute-names']
