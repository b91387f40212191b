import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../adapters/local/clock'
import { startDnsServer } from '../../../adapters/local/dns-server'
import { FolderWriteOnceStore } from '../../../adapters/local/folder-write-once-store'
import { folderConditionalStore } from '../../../adapters/local/folder-conditional-store'
import { httpConditionalStore } from '../../../adapters/local/http-conditional-store'
import { KeyFileSigner } from '../../../adapters/local/key-file-signer'
import { openLink } from '../../../adapters/local/link'
import { servedDatabase } from '../../../adapters/local/served-database'
import { startStoreServer } from '../../../adapters/local/store-server'
import { storeTrafficSwitch, SWITCH_KEY } from '../../../adapters/local/traffic-switch'
import { withProgress } from '../../../cli/progress'
import { EvidenceChain } from '../../../core/evidence'
import { describeClock } from '../../contracts/clock'
import { describeEvidenceLog } from '../../contracts/evidence-log'
import { describeReporter } from '../../contracts/reporter'
import { describeSigner } from '../../contracts/signer'
import { describeTrafficSwitch } from '../../contracts/traffic-switch'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})
async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-'))
  folders.push(folder)
  return folder
}

describeClock('the machine’s own, here and on AWS', () => systemClock)

describeSigner('a key file', async () => KeyFileSigner.open(join(await scratchFolder(), 'keys'), 'eu-west-1'))

describeReporter('plain lines of the CLI', async (work) => {
  const lines: string[] = []
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  try {
    await withProgress('a contract', false, (reporter) => work({ reporter, seen: () => lines }))
  } finally {
    write.mockRestore()
  }
})

describeEvidenceLog('a folder', async () => {
  const home = await scratchFolder()
  const folder = join(home, 'evidence')
  const identity = { region: 'eu-west-1', writer: 'drill', environment: 'test', policyHash: 'f'.repeat(64) }
  const open = () => new EvidenceChain(new FolderWriteOnceStore(folder), identity)
  return {
    log: open(),
    again: open,
    // A file where the folder should be: also root cannot write there.
    fail: async () => {
      await rename(folder, join(home, 'aside'))
      await writeFile(folder, '')
    },
    heal: async () => {
      await rm(folder)
      await rename(join(home, 'aside'), folder)
    },
  }
})

describeTrafficSwitch('store servers and a name server', async () => {
  const closers: (() => Promise<void>)[] = []
  const closing = <T extends { close(): Promise<void> }>(opened: T): T => {
    closers.push(() => opened.close())
    return opened
  }
  const startPlace = async () => closing(await startStoreServer(await folderConditionalStore(await scratchFolder())))
  const witness = await startPlace()
  const link = closing(await openLink(() => witness.port))
  const stores = {
    recovery: httpConditionalStore((await startPlace()).port, 2000),
    witness: httpConditionalStore(link.port, 3000),
  }
  for (const store of [stores.recovery, stores.witness])
    await store.create(SWITCH_KEY, { region: 'sa-east-1', epoch: 1 })
  const leadsTo = servedDatabase([stores.recovery, stores.witness], SWITCH_KEY, 'sa-east-1')
  const endpoints = new Map([
    ['g1.sa-east-1.db.localhost', { region: 'sa-east-1', instance: 'g1' }],
    ['g2.eu-west-1.db.localhost', { region: 'eu-west-1', instance: 'g2' }],
    ['g3.sa-east-1.db.localhost', { region: 'sa-east-1', instance: 'g3' }],
  ])
  const ports = new Map([...endpoints.keys()].map((name, at) => [name, at + 1]))
  const target = async () => {
    const { region, instance } = await leadsTo()
    const there = [...endpoints].filter(([, behind]) => behind.region === region)
    return (there.find(([, behind]) => behind.instance === instance) ?? there[0]!)[0]
  }
  const zone = { servedName: 'db.rehearsal.localhost', ttlSeconds: 1, endpoints: ports, target }
  const dns = closing(await startDnsServer(zone))
  return {
    trafficSwitch: storeTrafficSwitch(
      stores,
      { port: dns.port, servedName: zone.servedName, deadlineMs: 2000 },
      (name) => endpoints.get(name),
    ),
    home: 'sa-east-1',
    away: 'eu-west-1',
    beside: { region: 'sa-east-1', instance: 'g3' },
    // Every answer is fresh: the name server is asked itself.
    settle: async () => undefined,
    cutWitness: () => link.cut(),
    heal: () => link.heal(),
    remove: async () => {
      for (const close of closers.toReversed()) await close()
    },
  }
})
