import type { Policy } from '../../../core/policy'
import {
  respondToCorruption,
  type CorruptionFindings,
  type ExaminedCopy,
} from '../../../core/runbook/corruption-response'
import { policy } from './failover'

const lastGood = { kind: 'transaction', id: '4711' } as const
const copy = (kind: ExaminedCopy['kind'], verdict: ExaminedCopy['verdict']): ExaminedCopy => ({
  ref: { region: 'sa-east-1', instance: kind },
  kind,
  verdict,
})
const withDelayed: Policy['mechanisms'] = {
  ...policy.mechanisms,
  delayedReplica: { mode: 'delayed', generation: 9, source: 1, applyDelayMinutes: 60 },
}
const answer = (findings: CorruptionFindings, mechanisms = policy.mechanisms) =>
  respondToCorruption(findings, mechanisms)

describe('a damaged page', () => {
  it('is answered by the standby of the zone where it is proved clean', () => {
    const copies = [copy('replica', 'pass'), copy('zone-standby', 'pass')]
    expect(answer({ damage: 'page', copies, lastGood })).toMatchObject({
      runbook: 'zone-failover',
      successor: { instance: 'zone-standby' },
    })
  })

  it.each(['fail', 'inconclusive'] as const)('passes over a standby whose verdict is %s', (verdict) => {
    const copies = [copy('zone-standby', verdict), copy('replica', 'pass')]
    expect(answer({ damage: 'page', copies })).toMatchObject({
      runbook: 'region-failover',
      successor: { instance: 'replica' },
    })
  })

  it('on every copy is answered from the history', () => {
    const copies = [copy('zone-standby', 'fail'), copy('replica', 'inconclusive')]
    expect(answer({ damage: 'page', copies, lastGood })).toEqual({
      runbook: 'point-in-time-recovery',
      target: lastGood,
    })
  })
})

describe('wrong content', () => {
  const copies = [copy('zone-standby', 'pass'), copy('replica', 'pass'), copy('delayed-replica', 'pass')]

  it('is never answered by a copy that follows at once, however clean its pages are', () => {
    expect(answer({ damage: 'content', copies, lastGood })).toEqual({
      runbook: 'point-in-time-recovery',
      target: lastGood,
    })
  })

  it('is answered by the delayed replica where there is one, stopped before it replays the error', () => {
    expect(answer({ damage: 'content', copies, lastGood }, withDelayed)).toEqual({
      runbook: 'region-failover',
      successor: { region: 'sa-east-1', instance: 'delayed-replica' },
      stopReplayBefore: lastGood,
    })
  })

  it('is answered from the history where the delayed replica is not proved', () => {
    expect(answer({ damage: 'content', copies: [copy('delayed-replica', 'fail')], lastGood }, withDelayed)).toEqual({
      runbook: 'point-in-time-recovery',
      target: lastGood,
    })
  })

  it('waits for people while nobody knows the last good state', () => {
    expect(answer({ damage: 'content', copies }, withDelayed)).toEqual({ runbook: 'none', missing: 'last-good-state' })
  })
})
