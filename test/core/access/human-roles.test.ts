import { APART, HUMAN_ROLES, may, PRIVILEGES, type HumanRole } from '../../../core/access/human-roles'

/** Roles that join what has to be apart. */
const joined = (roles: Readonly<Record<string, HumanRole>>): string[] =>
  Object.entries(roles)
    .filter(([, { taken }]) => taken !== 'break-glass')
    .flatMap(([name, { does }]) =>
      APART.filter(([one, other]) => does.includes(one) && does.includes(other)).map(
        ([one, other, why]) => `${name}: ${one} and ${other}, ${why}`,
      ),
    )

it('keeps apart what no single role may join', () => {
  expect(joined(HUMAN_ROLES)).toEqual([])
})

it.each(APART)('sees a role that joins %s and %s', (one, other) => {
  expect(joined({ ...HUMAN_ROLES, planted: { taken: 'standing', does: [one, other] } })).toHaveLength(1)
})

it('lets nobody end a recovery point, restore or administer keys by standing right', () => {
  const standing = Object.values<HumanRole>(HUMAN_ROLES).filter(({ taken }) => taken === 'standing')
  const held = new Set(standing.flatMap(({ does }) => does))
  expect(
    ['restore', 'administer-keys', 'end-recovery-points'].filter((privilege) => held.has(privilege as never)),
  ).toEqual([])
})

it('gives each privilege to somebody, and somebody else the approval', () => {
  const given = new Set(Object.values<HumanRole>(HUMAN_ROLES).flatMap(({ does }) => does))
  expect(Object.keys(PRIVILEGES).filter((privilege) => !given.has(privilege as never))).toEqual([])
  expect([may('incident-commander', 'approve'), may('operator', 'approve'), may('nobody', 'approve')]).toEqual([
    true,
    false,
    false,
  ])
})

it('audits by reading alone', () => {
  expect(HUMAN_ROLES.auditor.does).toEqual(['see-state', 'read-evidence'])
})
