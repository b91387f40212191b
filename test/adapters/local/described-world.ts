import { processTable } from '../../../adapters/local/process-table'
import type { StandingWorld } from '../../../adapters/local/standing-world'

/** The description of a world that a process keeps, this one unless told otherwise. */
export const describedWorld = async (change: Partial<StandingWorld> = {}): Promise<StandingWorld> => ({
  version: 1,
  environment: 'test',
  startedAt: '2026-11-28T10:00:00.000Z',
  owner: await ownerOf(process.pid),
  folder: '/nowhere',
  regions: { primary: 'a', recovery: 'b', witness: 'c' },
  servedName: 'db',
  dnsPort: 1,
  instances: [
    {
      region: 'a',
      instance: 'g1',
      role: 'primary',
      endpoint: { name: 'g1.a', host: '127.0.0.1', port: 1, database: 'postgres', authority: 'none' },
    },
  ],
  logins: '/nowhere/secrets',
  storePorts: { recovery: 1, witness: 2 },
  keyFile: '/nowhere/key',
  applications: [],
  platform: '/nowhere/platform',
  ...change,
})

/** A process as the description of its world names it. */
export const ownerOf = async (pid: number): Promise<StandingWorld['owner']> => ({
  pid,
  startTime: await processTable.startTimeOf(pid),
})
