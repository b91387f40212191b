import { judged, lookedAtDailyInBoth, open, recorded, register, template } from './checks'
import type { Control } from './control'
import { NOTICE_COMPUTED } from './notice'
import { FLOWS_REGISTERED } from './templates'

const MONTH = 31
const QUARTER = 92
const YEAR = 366

/** Duties that follow from the norms and are rarely met: what a restore must not undo. */
export const BEYOND: readonly Control[] = [
  {
    id: 'XT-01',
    title: { en: 'Ledger replayed before anybody is let in', pt: 'Registro de eliminações reaplicado antes de abrir' },
    norms: ['LGPD 16', 'LGPD 18'],
    checks: [
      judged('a recovery to an earlier moment brought nobody and nothing back', 'data-corruption', MONTH, [
        'people erased late whose identity came back',
        'consents withdrawn late that hold again',
        'login revoked late, in the recovered database',
      ]),
      judged('neither did the move to another region', 'regional-outage', QUARTER, [
        'people erased late whose identity came back',
        'consents withdrawn late that hold again',
        'login revoked late, in the recovered database',
      ]),
      judged('nor the recovery from an attack', 'security-incident', QUARTER, [
        'stolen account in the recovered database',
      ]),
    ],
    statements: [],
  },
  {
    id: 'XT-02',
    title: { en: 'Transfers computed from the templates', pt: 'Transferências calculadas a partir dos modelos' },
    norms: ['LGPD 33-36'],
    checks: [FLOWS_REGISTERED],
    statements: [],
  },
  {
    id: 'XT-03',
    title: { en: 'An outage starts the legal clock', pt: 'Indisponibilidade inicia o prazo legal' },
    norms: ['LGPD 48', 'Res. CD/ANPD 15/2024'],
    checks: [
      judged('the drill of an incident computed its deadline', 'security-incident', QUARTER, [], NOTICE_COMPUTED),
      open('register', 'the decision not to report is recorded too', 'incidents have no such decision yet'),
    ],
    statements: [],
  },
  {
    id: 'XT-04',
    title: { en: 'Revoked access stays revoked', pt: 'Acessos revogados permanecem revogados' },
    norms: ['LGPD 46'],
    checks: [
      judged('a stolen login and its secret were dead after the recovery', 'security-incident', QUARTER, [
        'stolen account in the recovered database',
        'ways in that an old secret still opens',
      ]),
    ],
    statements: [],
  },
  {
    id: 'XT-05',
    title: { en: 'Reconciliation with the outside', pt: 'Conciliação com sistemas externos' },
    norms: ['RDC 1.000/2025'],
    checks: [
      judged('later writes are listed for whoever reconciles', 'security-incident', QUARTER, [
        'list of later writes',
        'lost writes from before the clean point, on no list',
        'rows that the attacker deleted, on no list',
      ]),
      open('drill', 'numbers of the outside were compared', 'no system of the outside is part of rehearsals'),
    ],
    statements: [{ statement: 'the list of systems outside is complete', months: 12 }],
  },
  {
    id: 'XT-06',
    title: { en: 'Locks only where the law asks to keep', pt: 'Imutabilidade só onde há dever legal' },
    norms: ['LGPD 16', 'LGPD 18'],
    checks: [
      register('no store that rests on consent alone is in a locked archive', ({ stores }) =>
        stores
          .filter(({ restsOn, archive }) => restsOn === 'consent' && archive.mode === 'long-term')
          .map(({ id }) => `${id} rests on consent alone, and is archived`),
      ),
    ],
    statements: [{ statement: 'the legal basis of each lock is written down', months: 12 }],
  },
  {
    id: 'XT-07',
    title: { en: 'Disposal by the last record', pt: 'Descarte a partir do último registro' },
    norms: ['Lei 13.787/2018 4', 'Lei 13.787/2018 6'],
    checks: [
      open(
        'register',
        'each disposal names the commission, and no hold stands against it',
        'a disposal is refused without it; the last record of a patient is unknown here',
      ),
    ],
    statements: [{ statement: 'minutes of the commission for each disposal', months: 'document' }],
  },
  {
    id: 'XT-08',
    title: { en: 'Readable in 25 years', pt: 'Legível em 25 anos' },
    norms: ['Lei 13.787/2018'],
    checks: [
      recorded(
        'records of the archive are read back each year by another tool',
        { kind: 'archive-read-back', subject: 'phi-dump' },
        YEAR,
      ),
    ],
    statements: [],
  },
  {
    id: 'XT-09',
    title: { en: 'Keys outlive what they protect', pt: 'As chaves sobrevivem ao que protegem' },
    norms: ['LGPD 46'],
    checks: [
      template('keys are renewed, never replaced', 'our keys are renewed'),
      ...lookedAtDailyInBoth('every recovery point lies under a key of ours that is in force', 'encryption'),
    ],
    statements: [],
  },
  {
    id: 'XT-10',
    title: { en: 'Signatures outlive their certificates', pt: 'Assinaturas sobrevivem aos certificados' },
    norms: ['ICP-Brasil'],
    checks: [open('register', 'archival timestamps are renewed in time', 'signed documents belong to the application')],
    statements: [],
  },
  {
    id: 'XT-11',
    title: { en: 'A drill is processing too', pt: 'Simulação também é tratamento' },
    norms: ['LGPD 37', 'LGPD 46'],
    checks: [
      judged('copies made for a test are removed', 'weekly-restores', QUARTER, ['copies that a restore left behind']),
      open('register', 'drills are in the records of processing', 'no records of processing are kept here'),
    ],
    statements: [],
  },
  {
    id: 'XT-12',
    title: { en: 'Clinics apart', pt: 'Isolamento entre clínicas' },
    norms: ['SBIS NGS1.06.04'],
    checks: [open('drill', 'the restore of one clinic touches no other', 'a clinic cannot be restored by itself')],
    statements: [],
  },
]
