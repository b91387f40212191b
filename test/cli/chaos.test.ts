import { recovery } from './recovery'

it('prints one document with the matrix, and is the same for the same seed', async () => {
  const [first, again] = [await campaign(), await campaign()]
  expect(first).toEqual(again)
  expect(first.code).toBe(0)
  const report = JSON.parse(first.out) as Record<string, unknown>
  expect(report).toMatchObject({ verdict: 'pass', seed: 7, runs: 4, findings: [] })
  expect(report['matrices']).toContainEqual(
    expect.objectContaining({ runbook: 'region-failover', reachedAfterAll: [] }),
  )
})

const campaign = () => recovery('chaos', '--runs', '4', '--seed', '7', '--json')

it('fails where every cell has to be met and was not, and names the empty ones', async () => {
  const { code, out } = await recovery('chaos', '--runs', '1', '--require-full-matrix')
  expect(code).toBe(1)
  expect(out).toMatch(/EMPTY {4}denied @ region-failover /)
})

it('refuses a number of runs that is none', async () => {
  const { code, err } = await recovery('chaos', '--runs', '0')
  expect(code).toBe(1)
  expect(err).toContain("got '0'")
})
