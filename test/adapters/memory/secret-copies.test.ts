import { MemorySecretCopies } from '../../../adapters/memory/secret-copies'
import { describeSecretCopies } from '../../contracts/secret-copies'

describeSecretCopies('memory', () => {
  const copies = new MemorySecretCopies()
  const [home, away, names] = ['sa-east-1', 'eu-west-1', ['application', 'login-app'] as const]
  for (const name of names) copies.hold(name, home, away)
  return { copies, home, away, names, change: async (name, region) => copies.change(name, region) }
})
