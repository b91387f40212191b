import { UserError } from '../../core/user-error'
import { withFreePorts } from './free-ports'

const failing = (times: number, error: Error) => {
  let builds = 0
  return async () => {
    builds += 1
    if (builds <= times) throw error
    return builds
  }
}

it('builds anew where a port was taken, and says so in the end', async () => {
  const taken = new UserError('PORT_TAKEN', 'another program took the port', 'again')
  expect(await withFreePorts(failing(2, taken))).toBe(3)
  await expect(withFreePorts(failing(5, taken))).rejects.toBe(taken)
})

it('builds nothing anew for another reason', async () => {
  const other = new Error('no disk')
  await expect(withFreePorts(failing(1, other))).rejects.toBe(other)
})
