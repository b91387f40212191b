import { screenDraft } from '../../../core/evidence/screen'
import { draft } from './world'

describe('the screen against personal data', () => {
  it.each([
    [
      'a formatted CPF in a measurement',
      { measurements: { of: { who: 'cpf 529.982.247-25' } } },
      'draft.measurements.of.who',
    ],
    ['a bare CPF in a subject', { subject: '52998224725' }, 'draft.subject'],
    ['an e-mail address as the actor', { actor: 'ana.souza@example.com.br' }, 'draft.actor'],
    ['an e-mail address as a name', { measurements: { 'x@example.com': 1 } }, 'a name in draft.measurements'],
    [
      'a health card number',
      { controls: ['702 0013 1234 5679'.replace('702 0013 1234 5679', '700000000000005')] },
      'draft.controls[0]',
    ],
    ['a phone number', { subject: '(11) 91234-5678' }, 'draft.subject'],
    ['prose', { measurements: { note: 'patient came in and asked for her records' } }, 'draft.measurements.note'],
    ['a very long text', { measurements: { blob: 'x'.repeat(257) } }, 'draft.measurements.blob'],
    ['personal data in the key', { key: 'erase-529.982.247-25' }, 'draft.key'],
  ])('refuses %s, says where, and never repeats the value', (_, change, path) => {
    const refusal = catchError(() => screenDraft(draft('one', change)))
    expect(refusal).toMatchObject({ failure: 'invalid', code: 'EVIDENCE_PERSONAL_DATA' })
    expect(refusal?.message).toContain(path)
    expect(refusal?.message).not.toMatch(/529|souza|91234|records$/)
  })

  it.each([
    ['hashes', { measurements: { sha: '0123456789'.repeat(6) + 'abcd' } }],
    ['role ARNs', { actor: 'arn:aws:sts::123456789012:assumed-role/neonpro-recovery-operator-eu-west-1/session-1' }],
    ['eleven digits that are no CPF', { measurements: { position: '12345678901' } }],
    [
      'instants, positions and codes',
      { measurements: { at: '2026-11-23T11:00:00.000Z', lsn: '0/3000148', code: 'DR_I1' } },
    ],
    [
      'nested step results',
      { measurements: { steps: { fence: { status: 'done', attempts: 1, seconds: 0.2, code: null } } } },
    ],
  ])('lets %s pass', (_, change) => {
    expect(() => screenDraft(draft('one', change))).not.toThrow()
  })
})

function catchError(act: () => void): Error | undefined {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  return undefined
}
