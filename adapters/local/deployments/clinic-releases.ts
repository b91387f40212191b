import type { PublishedRelease } from './publish'

/** Whether the clinic writes invoices at the moment; everything but `yes` stops it. */
export const TAKING_INVOICES = '/clinic/taking-invoices'

const SETTINGS: PublishedRelease['settings'] = [
  { name: TAKING_INVOICES, kind: 'plain', value: 'yes' },
  { name: '/clinic/reminder-days', kind: 'plain', value: '2' },
]

/** Every third request fails, as one path through a program may that no test went through. */
const PLANTED = `if (number % 3 === 0) throw new Error('planted')`

const api = (insert: string, values: string, bug = ''): string => `
export default ({ write, takes, setting }) => {
  const insert = ${JSON.stringify(insert)}
  const open = async () => (await setting('${TAKING_INVOICES}')) === 'yes'
  return {
    'GET /health': async () => [(await open()) && (await takes(insert, [1, 1])) ? 200 : 503],
    'POST /invoices': async ({ number, patient, amount }) => {
      ${bug}
      return (await open()) ? write(insert, ${values}) : [503]
    },
  }
}
`

const PLAIN = 'insert into clinic.invoices (patient_id, amount_cents, issued_on) values ($1, $2, current_date)'
const WITH_CHANNEL =
  "insert into clinic.invoices (patient_id, amount_cents, issued_on, channel) values ($1, $2, current_date, 'online')"
const VALUES = '[patient, amount]'

const web = (greeting: string): string => `
export default ({ calls, assets }) => ({
  'GET /health': async () => [(await calls()) ? 200 : 503],
  'GET /': async () => [200, { page: ${JSON.stringify(greeting)}, assets: await assets() }],
})
`

/** What the rehearsed clinic is at first. */
const HEALTHY: PublishedRelease = {
  tag: 'v1.4.0',
  programs: { api: api(PLAIN, VALUES), web: web('Welcome') },
  files: {
    assets: { 'leaflet.txt': 'How to reach the clinic' },
    stacks: { 'template.json': JSON.stringify({ Description: 'stacks of v1.4.0' }) },
  },
  level: 1,
  settings: SETTINGS,
}

const NOTHING = { programs: {}, files: {}, level: HEALTHY.level, settings: SETTINGS } as const

/** Releases of the rehearsed clinic; each that is bad is bad in another way. */
export const CLINIC_RELEASES = {
  'v1.4.0': HEALTHY,
  /** Everything is new, the schema with it, and a third of the requests fail. */
  'v1.5.0': {
    tag: 'v1.5.0',
    programs: { api: api(WITH_CHANNEL, VALUES, PLANTED), web: web('Welcome online') },
    files: { assets: { 'leaflet.txt': 'How to reach the clinic online' } },
    level: 2,
    settings: [...SETTINGS, { name: '/clinic/online', kind: 'plain', value: 'yes' }],
  },
  /** One program is new, and a third of its requests fail. */
  'v1.4.1': { ...NOTHING, tag: 'v1.4.1', programs: { api: api(PLAIN, VALUES, PLANTED) } },
  /** One setting is another, and nothing is taken any more. */
  'v1.4.2': {
    ...NOTHING,
    tag: 'v1.4.2',
    settings: [...SETTINGS.slice(1), { name: TAKING_INVOICES, kind: 'plain', value: 'no' }],
  },
  /** As bad as v1.5.0, and its schema has no way back. */
  'v1.6.0': {
    tag: 'v1.6.0',
    programs: { api: api(PLAIN, VALUES, PLANTED) },
    files: {},
    level: 3,
    settings: SETTINGS,
  },
} as const satisfies Readonly<Record<string, PublishedRelease>>

export type ClinicRelease = keyof typeof CLINIC_RELEASES

export const FIRST_RELEASE: ClinicRelease = 'v1.4.0'
