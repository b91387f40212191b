import type { MemoryWorld } from '../../../adapters/memory/world'
import { PortError } from '../../../core/ports/errors'
import { rollbackResultOf } from '../../../core/release/rollback-result'
import { rollbackReport } from '../../../core/reporting'
import { drive } from '../../../core/runbook/engine'
import { rollback } from '../../../core/runbook/rollback'
import { releasedWorld, rollbackRun } from '../runbook/released'

const ended = async (around: MemoryWorld) =>
  rollbackResultOf(rollback, await drive(rollback, around.ports(), rollbackRun()))

const unlisted = (around: MemoryWorld) => {
  around.deployments.setAside = async () => {
    throw new PortError('denied', 'LIST_REFUSED', 'whoever knows does not tell')
  }
  return around
}

describe('what a rollback has set aside', () => {
  it('is told with its rows', async () => {
    const result = await ended(await releasedWorld())
    expect(result.setAside).toEqual({
      rows: 3,
      tables: [{ table: 'clinic.notes', rows: 3, how: 'kept', where: 'clinic.notes_2' }],
      more: 0,
    })
    expect(result.verdict).toBe('pass')
  })

  it('is counted whole where more tables are concerned than are named', async () => {
    const around = await releasedWorld()
    const many = Array.from({ length: 11 }, (_, at) => ({
      table: `clinic.t${at}`,
      rows: 2,
      how: 'listed' as const,
      where: `list-${at}`,
    }))
    around.deployments.setAside = async ({ name }) => (name === 'schema' ? many : [])
    const result = await ended(around)
    expect(result.setAside).toMatchObject({ rows: 22, more: 3 })
    expect(rollbackReport(result)).toContain('3 more tables')
  })

  it('is unknown, and nobody is told that there was none, where it could not be listed', async () => {
    const result = await ended(unlisted(await releasedWorld()))
    expect(result).toMatchObject({ outcome: 'succeeded', setAside: null, verdict: 'inconclusive' })
    const page = rollbackReport(result)
    expect(page).not.toContain('None was set aside')
    expect(page).not.toContain('Nada foi guardado à parte')
    expect(page).toContain('Nobody has listed it')
  })

  it('is unknown too where the run stopped before the list', async () => {
    const around = await releasedWorld()
    const { deployments } = around
    const serves = deployments.serves.bind(deployments)
    let isBack = false
    // The schema comes last. It was seen to serve, and from then on nothing does.
    deployments.serves = async (component) => {
      if (isBack) return false
      isBack = component.name === 'schema' && deployments.effects.some((effect) => effect.startsWith('schema '))
      return serves(component)
    }
    const result = await ended(around)
    expect(result).toMatchObject({ outcome: 'stopped', stoppedBy: { step: 'verify' }, setAside: null })
  })

  it('is nothing where everything went forward again', async () => {
    const around = await releasedWorld()
    around.deployments.ill.add('web web-1')
    const result = await ended(around)
    expect(result).toMatchObject({ outcome: 'stopped', stoppedBy: { step: 'put-back' }, setAside: { rows: 0 } })
  })
})
