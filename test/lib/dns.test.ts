import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import { PRIVILEGES } from '../../core/runbook/model'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = resolvePolicy('production')
const names = new Names(policy)
const stacks = synthesize(policy)
const ROOT = join(__dirname, '../..')

const records = (tree: readonly SynthesizedStack[], role: 'primary' | 'recovery') =>
  resourcesOf(tree, 'AWS::Route53::RecordSet')
    .filter(({ stack }) => stack === names.stack('dns', role))
    .map(({ Properties }) => Properties!)

describe.each(['primary', 'recovery'] as const)('the %s side', (role) => {
  it('answers for the API and the database, outside and inside of the networks', () => {
    const { hostedZoneId, privateZone } = policy.dns
    const zones = [hostedZoneId, privateZone.mode === 'existing' && privateZone.hostedZoneId]
    const answered = [
      names.servedName('database'),
      names.servedName('api'),
      names.regionalName(role),
      names.regionalName(role),
    ]
    const expected = zones.flatMap((zone) => answered.map((name) => `${zone} ${name}.`))
    expect(records(stacks, role).map((r) => `${String(r['HostedZoneId'])} ${String(r['Name'])}`)).toEqual(expected)
  })

  it('is remembered no longer than the policy says', () => {
    const remembered = records(stacks, role).filter((r) => !r['AliasTarget'])
    expect(new Set(remembered.map((r) => r['TTL']))).toEqual(new Set([String(policy.pace.dns.ttlSeconds)]))
  })

  it('leads to the own endpoints of its region', () => {
    const [database, api, standing, next] = records(stacks, role)
    const [endpoint] = standing!['ResourceRecords'] as unknown[]
    expect(api?.['ResourceRecords']).toEqual([policy.dns.apiTargets[role]])
    expect(database?.['AliasTarget']).toMatchObject({ DNSName: `${names.regionalName(role)}.` })
    expect(JSON.stringify(standing?.['ResourceRecords'])).toMatch(/Fn::ImportValue.*EndpointAddress/)
    // The part behind the name is the same for every instance of an account in a region.
    expect(next?.['ResourceRecords']).toEqual([
      {
        'Fn::Join': [
          '.',
          [
            names.nextDatabase(),
            { 'Fn::Select': [1, { 'Fn::Split': ['.', endpoint] }] },
            `${names.region(role)}.rds.amazonaws.com`,
          ],
        ],
      },
    ])
  })

  it('leads within the region to what stands there, until both places hold an object that names the next', () => {
    const [, , standing, next] = records(stacks, role)
    expect([standing?.['Failover'], next?.['Failover']]).toEqual(['PRIMARY', 'SECONDARY'])
    expect(JSON.stringify(standing?.['HealthCheckId'])).toContain('StandingInService')
    const paths = resourcesOf(stacks, 'AWS::Route53::HealthCheck')
      .filter(({ stack }) => stack === names.stack('dns', role))
      .map(({ Properties }) => (Properties!['HealthCheckConfig'] as Record<string, string>)['ResourcePath'])
    const path = `/traffic-in-${names.region(role)}-at-${names.nextDatabase()}`
    expect(paths.filter((asked) => asked === path)).toHaveLength(2)
  })
})

test('without a private zone there are only the public names', () => {
  const privateZone = { mode: 'none', reason: 'clients resolve through the public zone' } as const
  const tree = synthesize({ ...policy, dns: { ...policy.dns, privateZone } })
  expect(records(tree, 'primary')).toHaveLength(4)
})

test('health checkers ask an endpoint of ours for the API only, never for the database', () => {
  const asked = resourcesOf(stacks, 'AWS::Route53::HealthCheck').map(
    ({ Properties }) =>
      (Properties?.['HealthCheckConfig'] as Record<string, string> | undefined)?.['FullyQualifiedDomainName'],
  )
  const switches = [names.switchHost('recovery'), names.switchHost('witness')]
  expect(new Set(asked.filter(Boolean))).toEqual(new Set([...switches, policy.dns.apiTargets.primary]))
})

describe('the failover path', () => {
  const RUNBOOK_FUNCTIONS = PRIVILEGES

  it('has no right at the API of Route 53 in any role', () => {
    const granted = (tree: readonly SynthesizedStack[]) =>
      JSON.stringify(resourcesOf(tree, 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy')).match(/route53[\w-]*:\w+/g) ?? []
    expect(granted(stacks)).toEqual([])
    const planted = structuredClone(stacks)
    const [policyResource] = planted.flatMap((s) =>
      Object.values(s.template.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy'),
    )
    Object.assign(policyResource!.Properties!, {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'route53:ChangeResourceRecordSets', Resource: 'x' }] },
    })
    expect(granted(planted)).toEqual(['route53:ChangeResourceRecordSets'])
  })

  it.each(RUNBOOK_FUNCTIONS)(
    'carries no client of Route 53, and names its region for the revoked sessions of people alone: %s',
    (privilege) => {
      const { metafile } = buildSync({
        absWorkingDir: ROOT,
        entryPoints: [`lambda/runbook-${privilege}/handler.ts`],
        bundle: true,
        write: false,
        metafile: true,
        platform: 'node',
        format: 'esm',
        external: ['pg-native'],
        logLevel: 'error',
      })
      const inputs = Object.keys(metafile.inputs)
      expect(inputs.filter((file) => file.includes('client-route-53'))).toEqual([])
      const own = inputs.filter((file) => !file.includes('node_modules') && file.endsWith('.ts'))
      const naming = own.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(GLOBAL_SERVICES_REGION))
      expect(naming.toSorted()).toEqual(['adapters/aws/iam-sessions.ts', 'core/policy/flows.ts'])
      // The name of it is for IAM, which only the one asks who takes sessions back after an attack.
      const importing = Object.entries(metafile.inputs).filter(([, { imports }]) =>
        imports.some(({ path }) => path === 'core/policy/flows.ts'),
      )
      expect(importing.map(([file]) => file)).toEqual(['adapters/aws/incident-ports.ts'])
    },
  )

  it('names the region of Route 53 in no stack of its own, and waits for none there', () => {
    const there = stacks.filter(({ region }) => region === GLOBAL_SERVICES_REGION).map(({ name }) => name)
    expect(there.toSorted()).toEqual([
      names.stack('governance', GLOBAL_SERVICES_REGION),
      names.stack('switch-alarm', GLOBAL_SERVICES_REGION),
    ])
    const elsewhere = stacks.filter(({ region }) => region !== GLOBAL_SERVICES_REGION)
    expect(elsewhere.filter(({ dependencies }) => dependencies.some((d) => there.includes(d)))).toEqual([])
    // That the last resort may be taken there too makes nothing wait for it.
    const text = JSON.stringify(elsewhere.map(({ template }) => template)).replaceAll(
      /"aws:RequestedRegion":\[[^\]]*\]/g,
      '',
    )
    expect(text).not.toContain(GLOBAL_SERVICES_REGION)
  })
})
