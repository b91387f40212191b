import type { Policy } from '../core/policy'

/** What NeonPro is released as. The procedure names the types of a rollback and their minutes; the rest is ours. */
export const releases: Policy['releases'] = {
  components: [
    { kind: 'infrastructure', name: 'stacks', dependsOn: [], stack: 'neonpro-platform' },
    { kind: 'configuration', name: 'settings', dependsOn: [] },
    { kind: 'migrations', name: 'schema', dependsOn: [], function: 'neonpro-migrations' },
    { kind: 'function', name: 'api', dependsOn: ['settings', 'schema'], function: 'neonpro-api', alias: 'live' },
    { kind: 'assets', name: 'assets', dependsOn: [], pointer: 'current' },
    {
      kind: 'deployment',
      name: 'web',
      dependsOn: ['api', 'assets'],
      team: 'neonpro',
      project: 'neonpro-web',
      tokenSecret: 'neonpro/vercel-token',
    },
  ],
  // Assumptions until they are measured in an account: an alias and a deployment of Vercel are one call each and move no code
  // (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html, https://vercel.com/docs/instant-rollback), the
  // one call that puts settings back is given up after a minute, and an update of stacks that replaces nothing ends in minutes.
  putBackSeconds: {
    configuration: 60,
    migrations: 90,
    function: 15,
    deployment: 30,
    assets: 30,
    infrastructure: 420,
  },
  healthySeconds: 60,
  monitorSeconds: 300,
  reviewDays: 2,
}
