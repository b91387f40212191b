import { MemoryNotifier } from '../../../adapters/memory/notifier'
import { MemoryRunbookMachines } from '../../../adapters/memory/runbook-machines'
import { describeNotifier } from '../../contracts/notifier'
import { describeRunbookMachines } from '../../contracts/runbook-machines'

describeNotifier('memory', (audiences) => {
  const notifier = new MemoryNotifier(audiences)
  const told = (audience: string) =>
    notifier.told
      .filter((message) => message.audience === audience)
      .map(({ notice }) => [notice.subject, ...notice.lines].join('\n'))
  return { notifier, told }
})

describeRunbookMachines('memory', (runbooks) => {
  const machines = new MemoryRunbookMachines(runbooks)
  const runsOf = (wanted: string) =>
    [...machines.started.values()].filter(({ runbook }) => runbook === wanted).map(({ run }) => run)
  return { machines, runsOf }
})
