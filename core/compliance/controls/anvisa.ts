import { judged, open } from './checks'
import type { Control } from './control'

const QUARTER = 92
const QMS = 'the quality system is kept outside of the platform'

/** Resolutions of the ANVISA on medical devices; whether they apply is decided module by module. */
export const ANVISA: readonly Control[] = [
  {
    id: 'ANV-01',
    title: { en: 'Decision on the class', pt: 'Decisão de enquadramento' },
    norms: ['RDC 657/2022', 'RDC 751/2022'],
    checks: [open('register', 'each module has a class I to IV, or is out of scope', 'no register of modules is kept')],
    statements: [{ statement: 'the regulatory decision is signed', months: 12 }],
  },
  {
    id: 'ANV-02',
    title: { en: 'Risk file covers hazards of recovery', pt: 'Arquivo de risco cobre os perigos da recuperação' },
    norms: ['ISO 14971', 'RDC 848/2024'],
    checks: [
      open('register', 'each hazard names the drill that verifies it', 'the risk file is kept outside of the platform'),
    ],
    statements: [{ statement: 'the risk management report is current', months: 12 }],
  },
  {
    id: 'ANV-03',
    title: { en: 'Quality management system', pt: 'Sistema de gestão da qualidade' },
    norms: ['RDC 665/2022', 'ISO 13485'],
    checks: [open('template', 'the store of the quality system is backed up', QMS)],
    statements: [{ statement: 'the certificate is valid', months: 'document' }],
  },
  {
    id: 'ANV-04',
    title: { en: 'Surveillance after placing on the market', pt: 'Tecnovigilância' },
    norms: ['RDC 67/2009'],
    checks: [
      open(
        'register',
        'the clocks of 72 hours, 10 and 30 days are known',
        'the clocks are from memory and await counsel',
      ),
      open('drill', 'the triage asks whether care was affected', 'no incident record has the question'),
    ],
    statements: [{ statement: 'access to Notivisa works', months: 6 }],
  },
  {
    id: 'ANV-05',
    title: { en: 'Labelling and instructions', pt: 'Rotulagem e instruções de uso' },
    norms: ['RDC 751/2022', 'RDC 657/2022'],
    checks: [
      judged('the version shown is the one that runs after a rollback', 'deployment-failure', QUARTER, [
        'version that the program says it is',
      ]),
    ],
    statements: [{ statement: 'the instructions were reviewed for the release', months: 12 }],
  },
  {
    id: 'ANV-06',
    title: { en: 'Automated risk assessment', pt: 'Avaliação de risco automatizada' },
    norms: ['ISO 14971'],
    checks: [open('register', 'no unacceptable risk is open at a release', 'no register of risks is kept')],
    statements: [{ statement: 'benefits outweigh risks for the release', months: 12 }],
  },
  {
    id: 'ANV-07',
    title: { en: 'Documents of the quality system', pt: 'Documentação do sistema da qualidade' },
    norms: ['RDC 665/2022'],
    checks: [open('register', 'the index of documents has approvals and reviews in time', QMS)],
    statements: [{ statement: 'the management review took place', months: 12 }],
  },
  {
    id: 'ANV-08',
    title: { en: 'Reporting of adverse events', pt: 'Notificação de eventos adversos' },
    norms: ['RDC 67/2009'],
    checks: [
      open(
        'register',
        'every event has a class, a clock and a protocol',
        'events are registered outside of the platform',
      ),
    ],
    statements: [{ statement: 'a reporter is named', months: 12 }],
  },
  {
    id: 'ANV-09',
    title: { en: 'Monitoring after placing on the market', pt: 'Monitoramento pós-mercado' },
    norms: ['RDC 67/2009', 'RDC 551/2021'],
    checks: [open('register', 'the report of trends exists each month', 'complaints are kept outside of the platform')],
    statements: [{ statement: 'trends were evaluated', months: 6 }],
  },
  {
    id: 'ANV-10',
    title: { en: 'Documents for users', pt: 'Documentação do usuário' },
    norms: ['RDC 751/2022', 'RDC 657/2022'],
    checks: [
      open(
        'register',
        'the manual is of the release, in Portuguese, and backed up',
        'the manual belongs to the application',
      ),
    ],
    statements: [{ statement: 'the manual is adequate', months: 12 }],
  },
]
