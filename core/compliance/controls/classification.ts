import { open, template } from './checks'
import type { Control } from './control'

/** Classes of data: how long they are kept, and how they are protected. */
export const CLASSIFICATION: readonly Control[] = [
  {
    id: 'DC-01',
    title: { en: 'Health data, 25 years', pt: 'Dados de saúde, 25 anos' },
    norms: ['Lei 13.787/2018 6', 'CFM 1.821/2007'],
    checks: [
      template(
        'kept and locked, with a key of ours',
        'health data is kept for 25 years',
        'protection of a class: phi has a default lock of its own, in a bucket of its own',
        'files are encrypted at rest, with a key of ours: archive',
      ),
      open(
        'drill',
        'the term runs from the last record of a patient',
        'the clock of each patient belongs to the application',
      ),
    ],
    statements: [{ statement: 'the reason for 25 years is written down', months: 12 }],
  },
  {
    id: 'DC-02',
    title: { en: 'Data about persons, 10 years', pt: 'Dados pessoais, 10 anos' },
    norms: ['LGPD 15', 'LGPD 16'],
    checks: [
      template(
        'kept and locked',
        'data about persons is kept for 10 years',
        'protection of a class: pii has a default lock of its own, in a bucket of its own',
      ),
      open(
        'register',
        'an identity that belongs to a record is kept as long as the record',
        'stores do not say whose identities they hold',
      ),
    ],
    statements: [{ statement: 'the schedule is approved', months: 12 }],
  },
  {
    id: 'DC-03',
    title: { en: 'Financial data, 7 years', pt: 'Dados financeiros, 7 anos' },
    norms: ['CTN 173', 'CTN 174', 'CTN 195'],
    checks: [
      template(
        'kept and locked',
        'financial data is kept for 7 years',
        'protection of a class: financial has a default lock of its own, in a bucket of its own',
      ),
    ],
    statements: [{ statement: 'the reason for 7 years is written down', months: 12 }],
  },
  {
    id: 'DC-04',
    title: { en: 'Operational data, 2 years', pt: 'Dados operacionais, 2 anos' },
    norms: ['Lei 12.965/2014 15', 'Res. CD/ANPD 15/2024 10'],
    checks: [
      template(
        'logs and evidence are kept',
        'operational data is kept for 2 years: logs',
        'operational data is kept for 2 years: evidence',
        'protection of a class: operational data of ours is locked',
      ),
    ],
    statements: [{ statement: 'the schedule is approved', months: 12 }],
  },
  {
    id: 'DC-05',
    title: { en: 'Public data, a year', pt: 'Dados públicos, 1 ano' },
    norms: ['procedure'],
    checks: [
      template(
        'replaced versions are kept, and the bucket itself publishes nothing',
        'public data is kept for a year: replaced versions',
        'protection of a class: what is public is published by the platform, never by the bucket',
      ),
      open('account', 'no personal data lies in it', 'nobody scans the files'),
    ],
    statements: [],
  },
]
