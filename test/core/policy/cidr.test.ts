import { cidrsOverlap } from '../../../core/policy/cidr'

test.each([
  ['10.20.0.0/20', '10.20.0.0/20', true],
  ['10.20.0.0/20', '10.20.15.0/24', true],
  ['10.20.15.255/32', '10.20.0.0/20', true],
  ['0.0.0.0/0', '10.20.0.0/20', true],
  ['255.255.255.255/32', '128.0.0.0/1', true],
  ['10.20.0.0/20', '10.20.16.0/20', false],
  ['10.20.16.0/20', '10.20.0.0/20', false],
  ['10.20.0.0/20', '11.20.0.0/20', false],
])('%s and %s share an address: %s', (one, other, overlap) => {
  expect(cidrsOverlap(one, other)).toBe(overlap)
})

test('host bits do not matter', () => {
  expect(cidrsOverlap('10.20.9.9/20', '10.20.1.0/24')).toBe(true)
})
