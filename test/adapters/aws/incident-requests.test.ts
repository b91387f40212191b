import { IAMClient } from '@aws-sdk/client-iam'
import { RDSClient } from '@aws-sdk/client-rds'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SESSIONS_POLICY } from '../../../adapters/aws/agreed-names'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { revokeSessions } from '../../../adapters/aws/iam-sessions'
import { LoginSecrets } from '../../../adapters/aws/login-secrets'
import { RdsChanges } from '../../../adapters/aws/rds-changes'
import { RdsContainment } from '../../../adapters/aws/rds-containment'
import type { Sessions } from '../../../adapters/aws/own-database'
import { VirtualClock } from '../../../adapters/memory/clock'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const REGION = 'sa-east-1'
const ref = { region: REGION, instance: 'db-g1' }
const formsOf = (action: string) =>
  aws.current.callsOf(action).map(({ body }) => {
    const { Action: _, Version: __, ...form } = Object.fromEntries(new URLSearchParams(body))
    return form
  })

describe('sessions of roles', () => {
  const iam = () => new IAMClient(clientSettings('us-east-1'))
  const revoke = (key: string, at: string) =>
    revokeSessions(iam(), ['operator'], { key, now: new Date(`2026-11-28T${at}:00.000Z`) })
  const policy = () =>
    JSON.parse(aws.current.iam.rolePolicies.get(`operator/${SESSIONS_POLICY}`)!) as { Statement: object[] }

  it('are denied everything that were issued before, by the policy that AWS documents, and by nothing else', async () => {
    aws.current.iam.roles.set('operator', undefined)
    await revoke('run-1/revoke', '12:00')
    expect(policy().Statement).toEqual([
      {
        Sid: expect.stringMatching(/^By[0-9a-f]{32}$/),
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-28T12:00:00.000Z' } },
      },
    ])
  })

  it('keep the first moment for the same run, so that who signs in again is not thrown out, and take a later run', async () => {
    aws.current.iam.roles.set('operator', undefined)
    await revoke('run-1/revoke', '12:00')
    await revoke('run-1/revoke', '13:00')
    expect(JSON.stringify(policy())).toContain('T12:00')
    await revoke('run-2/revoke', '14:00')
    expect(JSON.stringify(policy())).toContain('T14:00')
  })

  it('are not taken for revoked where there is no such role', async () => {
    await expect(revoke('run-1/revoke', '12:00')).rejects.toMatchObject({ failure: 'invalid' })
  })
})

/** A database whose one role is beyond the fence role. */
const beyond = (...names: readonly string[]): Sessions => ({
  session: async (_ref, _ms, work) =>
    work({
      escapeIdentifier: (name: string) => `"${name}"`,
      query: async (text: string) => {
        if (text.startsWith('alter role')) throw Object.assign(new Error('denied'), { code: '42501' })
        return { rows: text.includes('rolname as name') ? names.map((name) => ({ name })) : [{ ended: 1, left: 0 }] }
      },
    } as never),
})

describe('a database of RDS', () => {
  const set: string[] = []
  const containment = (sessions: Sessions) => {
    const clock = new VirtualClock(new Date(0))
    return new RdsContainment(
      new RdsChanges(new RDSClient(clientSettings(REGION)), REGION, {
        now: () => clock.now(),
        monotonicMs: () => clock.monotonicMs(),
        // The password arrives in the background.
        sleep: async (ms) => {
          await clock.sleep(ms)
          await new Promise((resolve) => setTimeout(resolve, 60))
        },
      }),
      { sessions, closedGroupId: 'sg-closed', clock },
    )
  }
  beforeEach(() => {
    set.length = 0
    aws.current.rds.instances.set('db-g1', {
      status: 'available',
      tags: new Map(),
      groups: { ids: ['sg-databases', 'sg-application'], active: true },
      owner: { name: 'owner', setPassword: (password) => void set.push(password) },
    })
  })

  it('is put behind the closed group and no other, once, and waited for', async () => {
    expect(await containment(beyond()).isolate(ref)).toEqual({ connectionsEnded: 1 })
    await containment(beyond()).isolate(ref)
    expect(formsOf('rds:ModifyDBInstance')).toEqual([
      {
        DBInstanceIdentifier: 'db-g1',
        'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-closed',
        ApplyImmediately: 'true',
      },
    ])
  })

  it('is said to be under way where RDS does not change it in time', async () => {
    aws.current.rds.instances.get('db-g1')!.status = 'backing-up'
    await expect(containment(beyond()).isolate(ref)).rejects.toMatchObject({
      failure: 'unreachable',
      code: 'ISOLATION_UNDER_WAY',
    })
  }, 20_000)

  it('gets an owner whose password nobody knows, once for a run', async () => {
    const revoke = () => containment(beyond('owner')).revoke(ref, { key: 'run-1/revoke' })
    expect(await revoke()).toEqual({ roles: ['owner'], sessionsEnded: 2 })
    await revoke()
    expect(set).toHaveLength(1)
    expect(set[0]).toMatch(/^[0-9a-f]{48}$/)
  })

  it('is not called revoked where a role is left that nobody may close', async () => {
    const revoked = containment(beyond('owner', 'shadow')).revoke(ref, { key: 'run-1/revoke' })
    await expect(revoked).rejects.toMatchObject({ failure: 'conflict', code: 'CREDENTIAL_ALIVE' })
    expect(set).toEqual([])
  })
})

describe('the secret of a login role', () => {
  const secrets = () =>
    new LoginSecrets(new SecretsManagerClient(clientSettings(REGION)), REGION, new Map([['clinic_app', 'login']]))
  const held = () => aws.current.secretsManager.held.get(`${REGION}/login`)!

  it('is pending until it is published, whole in its other fields, and one for a key', async () => {
    const first = JSON.stringify({ username: 'clinic_app', password: 'old', host: 'h' })
    aws.current.secretsManager.hold(`${REGION}/login`, first)
    const password = await secrets().prepare('clinic_app', 'run-1')
    expect(await secrets().before('clinic_app', 'run-1')).toEqual({ user: 'clinic_app', password: 'old' })
    const [, made] = [...held().versions.values()]
    expect(JSON.parse(made!.text)).toEqual({ username: 'clinic_app', password, host: 'h' })
    expect([...made!.stages]).toEqual(['AWSPENDING'])
    await secrets().publish('clinic_app', 'run-1')
    await secrets().publish('clinic_app', 'run-1')
    expect(await secrets().prepare('clinic_app', 'run-1')).toBe(password)
    expect([...made!.stages]).toContain('AWSCURRENT')
    expect(await secrets().before('clinic_app', 'run-1')).toEqual({ user: 'clinic_app', password: 'old' })
    expect(held().versions.size).toBe(2)
  })

  it('stands alone before it is changed where it is a replica of another region', async () => {
    aws.current.secretsManager.hold(`${REGION}/login`, 'random').replicaOf = 'eu-west-1'
    await secrets().prepare('clinic_app', 'run-1')
    await secrets().prepare('clinic_app', 'run-1')
    expect(held().replicaOf).toBeUndefined()
    expect(aws.current.callsOf('secretsmanager:StopReplicationToReplica')).toHaveLength(1)
  })

  it('that its owner has not filled is a password by itself, and of no role that none is declared for', async () => {
    aws.current.secretsManager.hold(`${REGION}/login`, 'random')
    expect(await secrets().before('clinic_app', 'run-1')).toEqual({ user: 'clinic_app', password: 'random' })
    await expect(secrets().prepare('shadow', 'run-1')).rejects.toMatchObject({ code: 'SECRET_UNKNOWN' })
  })
})
