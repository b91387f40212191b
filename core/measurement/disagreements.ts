/** One attempt by its number. */
interface Attempt {
  readonly client: number
  readonly sequence: number
}

/**
 * How many attempts are in one list and not in the other: 0 where two observers saw the same. Both lists come in order,
 * by client and then by number, and are read once, side by side. Throws where one is not in order.
 */
export async function disagreements(one: AsyncIterable<Attempt>, other: AsyncIterable<Attempt>): Promise<number> {
  const [here, there] = [inOrder(one), inOrder(other)]
  let [left, right] = [await here.next(), await there.next()]
  let count = 0
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compare(left.value, right.value)
    if (order !== 0) count += 1
    if (order <= 0) left = await here.next()
    if (order >= 0) right = await there.next()
  }
  return count
}

const compare = (a: Attempt, b: Attempt): number => a.client - b.client || a.sequence - b.sequence

async function* inOrder(attempts: AsyncIterable<Attempt>): AsyncGenerator<Attempt> {
  let before: Attempt | undefined
  for await (const attempt of attempts) {
    if (before && compare(before, attempt) >= 0)
      throw new Error(`attempt ${attempt.client}:${attempt.sequence} stands after ${before.client}:${before.sequence}`)
    yield (before = attempt)
  }
}
