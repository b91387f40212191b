import { MemoryWorld, PRIMARY } from '../../../adapters/memory/world'
import { takesWrites } from '../../../adapters/memory/database-node'
import { describeContainment } from '../../contracts/containment'
import { describeCredentials } from '../../contracts/credentials'
import { describeForensics } from '../../contracts/forensics'
import { describeHardening } from '../../contracts/hardening'

const PRESERVE_SECONDS = 90

function stage() {
  const world = new MemoryWorld({
    lease: { durationSeconds: 60, marginSeconds: 15 },
    promotionSeconds: 120,
    ttlSeconds: 60,
  })
  world.intrusion.preserveSeconds = PRESERVE_SECONDS
  return { world, ports: world.ports(), node: world.primary, remove: async () => undefined }
}

describeContainment('memory', () => {
  const { world, ports, node, remove } = stage()
  return {
    containment: ports.containment,
    compromised: PRIMARY,
    letsIn: async () => takesWrites(node, world.clock.monotonicMs()),
    letsFenceRoleIn: async () => node.alive,
    reopen: () => void Object.assign(node, { isolated: false, loginsOpen: true }),
    remove,
  }
})

describeForensics('memory', () => {
  const { world, ports, remove } = stage()
  return {
    forensics: ports.forensics,
    compromised: PRIMARY,
    settle: () => ports.clock.sleep((PRESERVE_SECONDS * 1000) / 2),
    copies: () => world.effects.filter((effect) => effect.startsWith('preserve')).length,
    remove,
  }
})

describeCredentials('memory', () => {
  const { world, ports, node, remove } = stage()
  return {
    credentials: ports.credentials,
    clean: PRIMARY,
    letsInWithOld: async () => node.secrets === 'original',
    letsInWithHanded: async () => node.secrets === 'rotated',
    trustAnySecret: () => {
      world.intrusion.survivingCredentials = ['clinic_app']
    },
    remove,
  }
})

describeHardening('memory', () => {
  const { world, ports, node, remove } = stage()
  return {
    hardening: ports.hardening,
    clean: PRIMARY,
    soften: () => void node.hardened.delete('public-creates-nothing'),
    leaveLogin: (role) => {
      world.intrusion.leftBehind = [{ code: 'UNKNOWN_LOGIN', object: role }]
      return async () => (world.intrusion.leftBehind = [])
    },
    remove,
  }
})
