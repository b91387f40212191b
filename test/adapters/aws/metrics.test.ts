import { publish } from '../../../adapters/aws/metrics'

test('several values of one moment are one line, as many as the format takes', () => {
  const written: string[] = []
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  publish('apiAvailability', [100, 0], new Date())
  expect(() => publish('apiAvailability', Array<number>(101).fill(0), new Date())).toThrow('100 values at most')
  spy.mockRestore()
  expect(written.map((line) => (JSON.parse(line) as Record<string, unknown>)['ApiAvailability'])).toEqual([[100, 0]])
})

test('a metric is one line in the embedded format, with the value under the name that the format declares', () => {
  const written: string[] = []
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  publish('leaseRenewals', 5, new Date('2026-11-23T12:00:00.000Z'))
  spy.mockRestore()
  expect(written).toHaveLength(1)
  expect(JSON.parse(written[0]!)).toEqual({
    _aws: {
      Timestamp: 1795435200000,
      CloudWatchMetrics: [{ Namespace: 'Recovery', Dimensions: [[]], Metrics: [{ Name: 'LeaseRenewals' }] }],
    },
    LeaseRenewals: 5,
  })
})
