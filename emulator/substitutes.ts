/** A part of AWS that no emulator has, and what plays it in a run. */
export interface Substitute {
  readonly of: string
  readonly by: string
}

/** What a green rehearsal therefore does not show. Whoever adds a stand-in to the emulator folder adds its line here. */
export const SUBSTITUTES: readonly Substitute[] = [
  {
    // token-login.ts
    of: 'IAM, which judges the token of a login to RDS',
    by: 'a rule of the local replica that lets the fence role in with any token during the dry run; a wrong one would be taken too',
  },
  {
    // served-name.ts
    of: 'the rule of Route 53 failover records, which has health checks look',
    by: 'our own code, which reads the deployed records and asks whether the deployed switch objects are there',
  },
  {
    // name-server.ts
    of: 'the name servers of Route 53',
    by: 'one of ours on loopback, for the functions of the dry run',
  },
  {
    // drill-ports.ts
    of: 'role and endpoint of an instance in RDS',
    by: 'the local world; of moto only the existence and the status count',
  },
  {
    // drill-ports.ts
    of: 'the promotion in RDS',
    by: 'PostgreSQL of the local world, after moto was asked for it',
  },
  {
    // drill-ports.ts
    of: 'the functions that fence, look and log in, during the drill',
    by: 'the local adapters of the same ports; the deployed functions ran in the dry run alone',
  },
  {
    // drill-ports.ts
    of: 'the application tier',
    by: 'a stand-in in memory',
  },
]
