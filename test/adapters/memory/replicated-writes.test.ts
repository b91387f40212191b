import { ReplicatedWrites } from '../../../adapters/memory/replicated-writes'

const near = { up: true, lagSeconds: 0 }
const behind = { up: true, lagSeconds: 4 }
const cut = { up: false, lagSeconds: 0 }

/** Ten seconds of writes, a step a second. */
function tenSeconds(writes: ReplicatedWrites, link: typeof near, from = 0): void {
  for (let at = 1; at <= 10; at++) writes.pass((from + at) * 1000, true, link, 0)
}

it('ships everything over a link without lag, and all but the newest seconds over one that is behind', () => {
  const [prompt, late] = [1, 2].map(() => new ReplicatedWrites({ mode: 'async', writesPerSecond: 5 }))
  tenSeconds(prompt!, near)
  tenSeconds(late!, behind)
  expect([prompt!.acknowledged, prompt!.shipped]).toEqual([50, 50])
  expect([late!.acknowledged, late!.shipped, late!.heartbeat()]).toEqual([50, 30, { sequence: 6, saidMs: 6_000 }])
})

it('loses by a promotion exactly what was acknowledged and not shipped', () => {
  const writes = new ReplicatedWrites({ mode: 'async', writesPerSecond: 5 })
  tenSeconds(writes, near)
  tenSeconds(writes, cut, 10)
  writes.promote()
  // The link comes back too late: a promoted replica receives nothing any more.
  tenSeconds(writes, near, 20)
  expect(writes.atPromotion).toEqual({ acknowledged: 100, shipped: 50 })
  expect(writes.shipped).toBe(50)
})

it('acknowledges nothing that the replica does not hold, where it is asked', () => {
  const writes = new ReplicatedWrites({ mode: 'sync', writesPerSecond: 5 })
  tenSeconds(writes, near)
  tenSeconds(writes, cut, 10)
  expect([writes.acknowledged, writes.shipped]).toEqual([50, 50])
})
