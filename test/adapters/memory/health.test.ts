import { MemoryHealthProbes } from '../../../adapters/memory/health-probes'
import { describeHealthProbes } from '../../contracts/health-probes'

const NAME = 'db.neonpro.test'
const WRITER = { region: 'sa-east-1', instance: 'clinic-g1' }
const REPLICA = { region: 'eu-west-1', instance: 'clinic-g2' }

describeHealthProbes('memory', () => {
  const probes = new MemoryHealthProbes()
  const heartbeatAt = new Date().toISOString()
  const writes = { reads: true, replica: false, writes: true, heartbeatAt } as const
  const target = `${WRITER.instance}.x.${WRITER.region}.rds.amazonaws.com`
  probes.names.set(NAME, { target })
  probes.handshakes.set(NAME, {
    validUntil: new Date(Date.now() + 86_400_000).toISOString(),
    trusted: true,
    named: true,
    accepts: ['TLSv1.3'],
  })
  probes.databases.set(WRITER.instance, writes)
  probes.databases.set(REPLICA.instance, { reads: true, replica: true, receives: 'up', heartbeatAt })
  return {
    probes,
    name: NAME,
    target,
    subject: NAME,
    stranger: 'nobody.neonpro.test',
    writer: WRITER,
    replica: REPLICA,
    page: (is) => {
      probes.served =
        is === 'silent'
          ? { answered: false, code: 'ECONNREFUSED' }
          : { answered: true, status: is === 'well' ? 200 : 503, milliseconds: 1 }
    },
    loseWriter: () => void probes.databases.delete(WRITER.instance),
    bringBackWriter: () => void probes.databases.set(WRITER.instance, writes),
    lookAtBackups: async (outcome) => {
      probes.lookedAt = { outcome, finishedAt: new Date().toISOString() }
    },
    remove: () => undefined,
  }
})
