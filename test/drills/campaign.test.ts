import { newWorldFolder, removeWorld } from '../../adapters/local/scratch'
import { drillResultSchema, measureWorkload } from '../../core/measurement'
import { campaign, type CampaignOptions } from '../../drills/campaign'
import type { RegionalOutageOptions } from '../../drills/regional-outage'
import { resolvePolicy } from '../../policy'
import { exampleDrill } from '../core/reporting/example'

const policy = resolvePolicy('test')
const nobody = async function* () {
  yield* []
}

/** A campaign over runs that end as told; what one run really is, has its own tests. */
async function judge(
  runs: readonly { outageSeconds?: number; verdict?: 'fail'; perSecond?: number }[],
  change: Partial<CampaignOptions> = {},
  during: () => Promise<void> = async () => undefined,
) {
  const nothing = await measureWorkload(nobody(), { faultNs: 0n, recoveredEndpoint: 'x', bucketSeconds: 1 })
  const { result: pass } = await exampleDrill()
  const faults: RegionalOutageOptions['fault'][] = []
  const result = await campaign(
    { policy, replication: 'async', rows: 1, clients: 1, folder: '.', faults: ['host'], runs: runs.length, ...change },
    { emit: () => undefined },
    async ({ fault }) => {
      await during()
      const { outageSeconds = 4, verdict = 'pass', perSecond = 900 } = runs[faults.push(fault) - 1]!
      const before = { ...nothing.phases.before, acknowledgedPerSecond: perSecond }
      return {
        result: { ...pass, verdict, measurements: { ...pass.measurements, outageSeconds, lost: 0 } },
        measured: { ...nothing, phases: { ...nothing.phases, before } },
      }
    },
  )
  return { result: drillResultSchema.parse(result), faults }
}
const missed = ({ objectives }: { objectives: readonly { name: string; met: boolean }[] }) =>
  objectives.filter(({ met }) => !met).map(({ name }) => name)

it('passes when every run did, under load, and the host came back in time in the middle of its runs', async () => {
  const { result } = await judge([{ outageSeconds: 4 }, { outageSeconds: 9 }, { outageSeconds: 4.4 }])
  expect(result.verdict).toBe('pass')
  expect(result.measurements.outageSeconds).toBe(4.4)
  expect(result.steps.map(({ seconds }) => seconds)).toEqual([4, 9, 4.4])
})

it.each([
  ['one run that did not pass', [{}, { verdict: 'fail' as const }], 'runs that did not pass'],
  [
    'a run without load',
    [{}, { perSecond: 499 }],
    'runs of fewer than 500 acknowledged writes a second before the fault',
  ],
  ['a host that takes too long', [{ outageSeconds: 5.1 }], 'median outage after the death of the host, seconds'],
])('fails for %s', async (_, runs, objective) => {
  const { result } = await judge(runs)
  expect(result.verdict).toBe('fail')
  expect(missed(result)).toEqual([objective])
})

it('fails where a run leaves its world behind', async () => {
  let folder = ''
  const { result } = await judge([{}], {}, async () => void (folder = await newWorldFolder()))
  await removeWorld(folder)
  expect(missed(result)).toEqual(['worlds left behind'])
})

it('repeats each fault, and asks for the median of the host only where hosts died', async () => {
  const { result, faults } = await judge([{}, {}, {}, {}], { faults: ['hang', 'partition'], runs: 2 })
  expect(faults).toEqual(['hang', 'partition', 'hang', 'partition'])
  expect(result.objectives).toHaveLength(3)
})
