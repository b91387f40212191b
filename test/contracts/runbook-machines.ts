import type { RunbookName } from '../../core/detection/scenarios'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import type { RunState } from '../../core/runbook/model'
import { newRun } from '../../core/runbook/reducer'
import { regionFailover } from '../../core/runbook/region-failover'
import { failover } from '../core/runbook/failover'

export interface MachinesStage {
  readonly machines: RunbookMachines
  runsOf(runbook: RunbookName): readonly RunState[] | Promise<readonly RunState[]>
}

/** What machines of every kind must do. `runsOf` is what a machine was really started with. */
export function describeRunbookMachines(
  name: string,
  factory: (runbooks: readonly RunbookName[]) => MachinesStage | Promise<MachinesStage>,
): void {
  const run = newRun(regionFailover, { ...failover(), mode: 'dry-run' }, new Date('2026-11-23T12:00:00.000Z'))

  describe(`runbook machines: ${name}`, () => {
    it('have what the region executes and nothing else', async () => {
      const { machines } = await factory(['region-failover'])
      const { region } = run.input
      expect([machines.has('region-failover', region), machines.has('rollback', region)]).toEqual([true, false])
    })

    it('start a run with the whole of its state', async () => {
      const { machines, runsOf } = await factory(['region-failover'])
      expect(await machines.start('region-failover', run)).toBe('started')
      expect(await runsOf('region-failover')).toEqual([JSON.parse(JSON.stringify(run))])
    })

    it('leave a run alone that was started before, also in a later state', async () => {
      const { machines, runsOf } = await factory(['region-failover'])
      await machines.start('region-failover', run)
      const later = { ...run, startedAt: '2026-11-23T12:05:00.000Z' }
      expect(await machines.start('region-failover', later)).toBe('already-started')
      expect(await runsOf('region-failover')).toHaveLength(1)
    })

    it('start a run under each name that it is given, once', async () => {
      const { machines, runsOf } = await factory(['region-failover'])
      await machines.start('region-failover', run)
      expect(await machines.start('region-failover', run, 'real-1')).toBe('started')
      const later = { ...run, startedAt: '2026-11-23T12:05:00.000Z' }
      expect(await machines.start('region-failover', later, 'real-1')).toBe('already-started')
      expect(await runsOf('region-failover')).toHaveLength(2)
    })

    it('refuse a runbook that the region does not execute', async () => {
      const { machines } = await factory([])
      await expect(machines.start('rollback', run)).rejects.toMatchObject({
        failure: 'invalid',
        code: 'MACHINE_MISSING',
      })
    })
  })
}
