import type { Policy } from '../core/policy'

/** What NeonPro is released as. The procedure names the types of a rollback and their minutes; the rest is ours. */
export const releases: Policy['releases'] = {
  components: [
    { kind: 'infrastructure', name: 'stacks', dependsOn: [] },
    { kind: 'configuration', name: 'settings', dependsOn: [] },
    { kind: 'migrations', name: 'schema', dependsOn: [], function: 'neonpro-migrations' },
    { kind: 'function', name: 'api', dependsOn: ['settings', 'schema'], function: 'neonpro-api', alias: 'live' },
    { kind: 'assets', name: 'assets', dependsOn: [], pointer: 'current' },
    {
      kind: 'deployment',
      name: 'web',
      dependsOn: ['api', 'assets'],
      project: 'neonpro-web',
      tokenSecret: 'neonpro/vercel-token',
    },
  ],
  healthySeconds: 60,
  monitorSeconds: 300,
}
