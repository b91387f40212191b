import {
  CreateBackupSelectionCommand,
  DeleteBackupSelectionCommand,
  DescribeBackupVaultCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  paginateListBackupPlans,
  paginateListBackupSelections,
  PutBackupVaultLockConfigurationCommand,
  UpdateBackupPlanCommand,
  type BackupClient,
} from '@aws-sdk/client-backup'
import type { PlanProtection, SelectionProtection, VaultProtection } from '../../../core/ports/compliance'
import { PortError } from '../../../core/ports/errors'
import { CALL_MS, within } from '../client-settings'
import { asking, isException } from '../failures'
import type { Guard } from './guard'

export const vaultGuard = (backup: BackupClient, region: string): Guard<VaultProtection> => ({
  async read(name) {
    try {
      const { Locked, MinRetentionDays, MaxRetentionDays } = await asking('backup:DescribeBackupVault', () =>
        backup.send(new DescribeBackupVaultCommand({ BackupVaultName: name }), within(CALL_MS)),
      )
      const lock = Locked
        ? { minDays: MinRetentionDays ?? SHORTEST_DAYS, maxDays: MaxRetentionDays ?? LONGEST_DAYS }
        : null
      return { kind: 'vault', region, name, lock }
    } catch (error) {
      // Of a vault that is not there AWS Backup says that nobody may see it, to whoever may not list vaults.
      if (isException(error, 'ResourceNotFound')) return undefined
      throw error
    }
  },
  async write({ name, lock }, found) {
    if (!lock || JSON.stringify(lock) === JSON.stringify(found?.lock)) return 'restored'
    // Without ChangeableForDays: governance. A machine never locks for good what people would have to keep paying for.
    await asking('backup:PutBackupVaultLockConfiguration', () =>
      backup.send(
        new PutBackupVaultLockConfigurationCommand({
          BackupVaultName: name,
          MinRetentionDays: lock.minDays,
          MaxRetentionDays: lock.maxDays,
        }),
        within(CALL_MS),
      ),
    )
    return 'restored'
  },
})

export const planGuard = (backup: BackupClient, region: string): Guard<PlanProtection> => ({
  async read(name) {
    const held = await planNamed(backup, name)
    if (!held) return undefined
    const days = (held.plan.Rules ?? []).flatMap(({ RuleName = '', Lifecycle }) =>
      // Without an end a backup is kept for ever; that is no number of days, and more than any.
      [[RuleName, Lifecycle?.DeleteAfterDays ?? FOR_EVER] as const],
    )
    return { kind: 'backup-plan', region, name, keepsDays: Object.fromEntries(days) }
  },
  async write({ name, keepsDays }, found) {
    if (JSON.stringify(keepsDays) === JSON.stringify(found?.keepsDays)) return 'restored'
    const held = await planNamed(backup, name)
    if (!held) throw gone('backup plan', name)
    const Rules = (held.plan.Rules ?? []).map((one) => {
      const { RuleId: _, ...rule } = one
      const wanted = keepsDays[rule.RuleName ?? '']
      const has = rule.Lifecycle?.DeleteAfterDays
      if (wanted === undefined || has === undefined || has >= wanted) return rule
      return { ...rule, Lifecycle: { ...rule.Lifecycle, DeleteAfterDays: wanted } }
    })
    await asking('backup:UpdateBackupPlan', () =>
      backup.send(
        new UpdateBackupPlanCommand({
          BackupPlanId: held.id,
          BackupPlan: {
            BackupPlanName: name,
            Rules,
            AdvancedBackupSettings: held.plan.AdvancedBackupSettings,
          },
        }),
        within(CALL_MS),
      ),
    )
    return 'restored'
  },
})

/**
 * What a lock allows that does not say it: each of its numbers may stand alone.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
 */
const SHORTEST_DAYS = 1
const LONGEST_DAYS = 36_500

/** Longer than any retention that AWS Backup takes. */
const FOR_EVER = LONGEST_DAYS + 1

export function selectionGuard(backup: BackupClient, region: string, accountId: string): Guard<SelectionProtection> {
  const held = async (name: string) => {
    const [plan, selection] = split(name)
    const of = await planNamed(backup, plan)
    if (!of) return undefined
    return { planId: of.id, found: await selectionNamed(backup, of.id, selection) }
  }
  return {
    async read(name) {
      const of = await held(name)
      if (!of?.found) return undefined
      const {
        IamRoleArn = '',
        Resources = [],
        ListOfTags = [],
        NotResources = [],
        Conditions = {},
      } = of.found.selection
      const leavesOut = [
        ...NotResources,
        ...Object.values(Conditions).flatMap((all) => (all ?? []).map(({ ConditionKey = '' }) => ConditionKey)),
      ]
      return {
        kind: 'backup-selection',
        region,
        name,
        plan: split(name)[0],
        role: IamRoleArn.slice(IamRoleArn.indexOf(':role/') + ':role/'.length),
        resources: Resources,
        tags: ListOfTags.map(({ ConditionKey = '', ConditionValue = '' }) => ({
          key: ConditionKey,
          value: ConditionValue,
        })),
        ...(leavesOut.length > 0 && { leavesOut }),
      }
    },
    async write({ name, plan, role, resources, tags }, found, key) {
      const wanted = { role, resources, tags }
      if (
        found &&
        !found.leavesOut &&
        JSON.stringify(wanted) === JSON.stringify({ role: found.role, resources: found.resources, tags: found.tags })
      )
        return 'restored'
      const of = await held(name)
      if (!of) throw gone('backup plan', plan)
      // A selection never changes: the declared one first, so that at no moment less is backed up than before.
      await asking('backup:CreateBackupSelection', () =>
        backup.send(
          new CreateBackupSelectionCommand({
            BackupPlanId: of.planId,
            CreatorRequestId: key,
            BackupSelection: {
              SelectionName: split(name)[1],
              IamRoleArn: `arn:aws:iam::${accountId}:role/${role}`,
              ...(resources.length > 0 && { Resources: [...resources] }),
              ...(tags.length > 0 && {
                ListOfTags: tags.map((tag) => ({
                  ConditionType: 'STRINGEQUALS' as const,
                  ConditionKey: tag.key,
                  ConditionValue: tag.value,
                })),
              }),
            },
          }),
          within(CALL_MS),
        ),
      )
      const altered = of.found
      if (altered)
        await asking('backup:DeleteBackupSelection', () =>
          backup.send(
            new DeleteBackupSelectionCommand({ BackupPlanId: of.planId, SelectionId: altered.id }),
            within(CALL_MS),
          ),
        )
      return 'restored'
    },
  }
}

async function planNamed(backup: BackupClient, name: string) {
  const id = await asking('backup:ListBackupPlans', async () => {
    for await (const { BackupPlansList = [] } of paginateListBackupPlans({ client: backup }, {}, within(CALL_MS)))
      for (const { BackupPlanId, BackupPlanName } of BackupPlansList) if (BackupPlanName === name) return BackupPlanId
    return undefined
  })
  if (id === undefined) return undefined
  const { BackupPlan } = await asking('backup:GetBackupPlan', () =>
    backup.send(new GetBackupPlanCommand({ BackupPlanId: id }), within(CALL_MS)),
  )
  return BackupPlan && { id, plan: BackupPlan }
}

async function selectionNamed(backup: BackupClient, planId: string, name: string) {
  const id = await asking('backup:ListBackupSelections', async () => {
    const pages = paginateListBackupSelections({ client: backup }, { BackupPlanId: planId }, within(CALL_MS))
    for await (const { BackupSelectionsList = [] } of pages)
      for (const { SelectionId, SelectionName } of BackupSelectionsList) if (SelectionName === name) return SelectionId
    return undefined
  })
  if (id === undefined) return undefined
  const { BackupSelection } = await asking('backup:GetBackupSelection', () =>
    backup.send(new GetBackupSelectionCommand({ BackupPlanId: planId, SelectionId: id }), within(CALL_MS)),
  )
  return BackupSelection && { id, selection: BackupSelection }
}

/** A selection goes by `plan/name`. */
const split = (name: string): [string, string] => {
  const at = name.lastIndexOf('/')
  return [name.slice(0, at), name.slice(at + 1)]
}

const gone = (kind: string, name: string): PortError =>
  new PortError('conflict', 'PROTECTED_GONE', `the ${kind} '${name}' does not exist any more; deploy its stack again`)
