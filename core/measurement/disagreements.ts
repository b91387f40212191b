/** One attempt by its number. */
interface Attempt {
  readonly client: number
  readonly sequence: number
}

/** How many attempts are in one list and not in the other: 0 where two observers saw the same. */
export function disagreements(one: readonly Attempt[], other: readonly Attempt[]): number {
  const [here, there] = [keys(one), keys(other)]
  return [...here].filter((id) => !there.has(id)).length + [...there].filter((id) => !here.has(id)).length
}

const keys = (attempts: readonly Attempt[]): Set<string> =>
  new Set(attempts.map(({ client, sequence }) => `${client}:${sequence}`))
