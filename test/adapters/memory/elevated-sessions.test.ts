import { VirtualClock } from '../../../adapters/memory/clock'
import { RehearsedSessions } from '../../../adapters/memory/elevated-sessions'
import { describeElevatedSessions } from '../../contracts/elevated-sessions'

describeElevatedSessions('memory', () => {
  const clock = new VirtualClock()
  const sessions = new RehearsedSessions(clock, ['restore-operator'])
  return {
    sessions,
    openable: 'restore-operator',
    closed: 'key-administrator',
    now: () => clock.now(),
    openedBy: () => sessions.opened.map(({ person }) => person),
  }
})
