import { MemoryNotifier } from '../../../adapters/memory/notifier'
import { MemoryRunbookMachines } from '../../../adapters/memory/runbook-machines'
import { describeNotifier } from '../../contracts/notifier'
import { describeRunbookMachines } from '../../contracts/runbook-machines'

describeNotifier('memory', (levels) => {
  const notifier = new MemoryNotifier(levels)
  const told = (level: number) =>
    notifier.told
      .filter((message) => message.level === level)
      .map(({ notice }) => [notice.subject, ...notice.lines].join('\n'))
  return { notifier, told }
})

describeRunbookMachines('memory', (runbooks) => {
  const machines = new MemoryRunbookMachines(runbooks)
  const runsOf = (wanted: string) =>
    [...machines.started.values()].filter(({ runbook }) => runbook === wanted).map(({ run }) => run)
  return { machines, runsOf }
})
