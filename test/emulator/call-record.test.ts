import { setTimeout as sleep } from 'node:timers/promises'
import { CallRecord } from '../../emulator/call-record'

class Counter {
  private count = 0
  async next(by: number): Promise<number> {
    this.count += by
    return this.count
  }
}

it('notes who answered in which span of time, and changes nothing of the answer', async () => {
  const record = new CallRecord()
  const [one, two] = [record.of('one', new Counter()), record.of('two', new Counter())]
  const startedMs = Date.now()
  expect([await one.next(2), await one.next(3), await two.next(1)]).toEqual([2, 5, 1])
  const endedMs = Date.now()
  await sleep(5)
  await two.next(1)
  expect(record.between(startedMs, endedMs)).toEqual(['one', 'two'])
  expect(record.between(endedMs + 1, Date.now())).toEqual(['two'])
})
