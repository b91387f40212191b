/**
 * What people may do, in groups that are granted or withheld as a whole. Nobody is granted to read what a database, an
 * archive or a secret holds, to start a machine with an input of his own, or to change a role; and nobody but the last
 * resort to end a recovery point.
 */
export const PRIVILEGES = {
  'see-state': 'see how databases, backups, runbooks and alarms stand',
  'start-runbooks': 'start a runbook at the desk, which asks a second person itself, and stop one',
  approve: 'answer what another person asked for',
  'close-incidents': 'close an incident, with a code of its cause',
  'ask-for-elevation': 'ask for a role that nobody holds by itself, and open it once it is approved',
  attest: 'say how an activity of the calendar ended',
  'back-up': 'start a backup',
  restore: 'restore a recovery point beside what serves',
  'restore-configuration': 'put settings back in force as they were, without seeing what they hold',
  'administer-keys': 'rotate keys, and cancel their deletion',
  'read-evidence': 'read evidence and the trail of calls',
  'keep-ledger':
    'record what a person had the right to have erased, blocked, withdrawn, corrected or revoked, and that it was done',
  'see-ledger': 'see the erasure ledger, which holds pseudonyms and codes, and verify it',
  'order-disposals': 'record what of the archive is to be destroyed, and have an approved order carried out',
  'approve-disposals': 'approve, as one of two, what another person ordered to destroy',
  'end-recovery-points':
    'end a recovery point before its time, once it has lifted the lock of a vault in governance mode; a vault in compliance mode nobody opens',
} as const
export type Privilege = keyof typeof PRIVILEGES

/**
 * How a role is taken:
 * - `standing`: whoever belongs to it takes it by itself, with MFA that is not old
 * - `elevated`: for one task, approved by a second person, for minutes
 * - `break-glass`: with sealed credentials that two people keep; each use is an incident
 */
export type Taking = 'standing' | 'elevated' | 'break-glass'

export interface HumanRole {
  readonly taken: Taking
  readonly does: readonly Privilege[]
}

/** The separation matrix: each role of people, and everything that it may do. */
export const HUMAN_ROLES = {
  operator: { taken: 'standing', does: ['see-state', 'see-ledger', 'start-runbooks', 'ask-for-elevation', 'attest'] },
  'backup-operator': {
    taken: 'standing',
    does: ['see-state', 'back-up', 'ask-for-elevation', 'attest', 'order-disposals'],
  },
  'incident-commander': {
    taken: 'standing',
    does: ['see-state', 'see-ledger', 'approve', 'close-incidents', 'attest'],
  },
  // Lei 13.787/2018, art. 3 and 6: a commission decides on the destruction of records.
  'records-commission': { taken: 'standing', does: ['approve-disposals', 'keep-ledger', 'see-ledger'] },
  auditor: { taken: 'standing', does: ['see-state', 'read-evidence'] },
  'restore-operator': { taken: 'elevated', does: ['see-state', 'restore', 'restore-configuration'] },
  'key-administrator': { taken: 'elevated', does: ['see-state', 'administer-keys'] },
  'break-glass': { taken: 'break-glass', does: ['see-state', 'start-runbooks', 'restore', 'end-recovery-points'] },
} as const satisfies Readonly<Record<string, HumanRole>>
export type HumanRoleName = keyof typeof HUMAN_ROLES

/** What no single role may join, and why; the last resort is watched instead of divided. */
export const APART: readonly (readonly [Privilege, Privilege, string])[] = [
  ['start-runbooks', 'approve', 'who starts would approve for himself'],
  ['ask-for-elevation', 'approve', 'who asks would approve for himself'],
  ['start-runbooks', 'close-incidents', 'who acts would say himself that it helped'],
  ['restore', 'administer-keys', 'who can use what is restored would also decide who may read it'],
  ['restore', 'back-up', 'who can plant a recovery point would also choose what is restored'],
  ['back-up', 'end-recovery-points', 'who makes recovery points would also end them'],
  ['administer-keys', 'end-recovery-points', 'one person could make every copy unreadable or gone'],
  ['start-runbooks', 'keep-ledger', 'who starts a recovery would write what it erases'],
  ['order-disposals', 'approve-disposals', 'who orders would approve for himself'],
  ['back-up', 'approve-disposals', 'who keeps the archive would decide what is destroyed'],
  ['read-evidence', 'attest', 'who audits would audit himself'],
  ['read-evidence', 'start-runbooks', 'who audits would audit himself'],
]

export const isHumanRole = (name: string): name is HumanRoleName => Object.hasOwn(HUMAN_ROLES, name)

/** Every role of people, in the order of the matrix. */
export const HUMAN_ROLE_NAMES: readonly HumanRoleName[] = Object.keys(HUMAN_ROLES).filter(isHumanRole)

export const roleOf = (name: HumanRoleName): HumanRole => HUMAN_ROLES[name]

/** Roles for one task. */
export const ELEVATED_ROLES = HUMAN_ROLE_NAMES.filter((name) => roleOf(name).taken === 'elevated')

/** Whether a role may do something. False for what is no role of people. */
export const may = (role: string, privilege: Privilege): boolean =>
  isHumanRole(role) && roleOf(role).does.includes(privilege)
