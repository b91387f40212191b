import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegionalSecrets } from '../../../adapters/local/regional-secrets'
import { describeSecretCopies } from '../../contracts/secret-copies'

describeSecretCopies('local', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'regional-secrets-'))
  const [home, away, names] = ['sa-east-1', 'eu-west-1', ['application', 'login-app'] as const]
  const copies = new RegionalSecrets(folder, home, away)
  for (const name of names) await copies.create(name, { password: 'first' })
  return {
    copies,
    home,
    away,
    names,
    change: (name, region) => copies.change(name, region, { password: 'second' }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})
