/** First and last address of an IPv4 range as numbers; host bits are ignored. */
function boundsOf(cidr: string): readonly [first: number, last: number] {
  const [address = '', bits = ''] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  const number = address.split('.').reduce((total, part) => total * 256 + Number(part), 0)
  const first = Math.floor(number / size) * size
  return [first, first + size - 1]
}

/** Whether two IPv4 ranges in CIDR notation share an address. */
export function cidrsOverlap(one: string, other: string): boolean {
  const [firstOfOne, lastOfOne] = boundsOf(one)
  const [firstOfOther, lastOfOther] = boundsOf(other)
  return firstOfOne <= lastOfOther && firstOfOther <= lastOfOne
}
