import { drillCharts, drillReport } from '../../../core/reporting'
import { duration } from '../../../core/reporting/format'
import { html } from '../../../core/reporting/html'
import { exampleDrill } from './example'

const CHARTS = { timeline: '<svg id="t"></svg>', throughput: '<svg id="p"></svg>', latency: '<svg id="l"></svg>' }

describe('HTML', () => {
  it('escapes every value, and what is HTML already once', () => {
    const inner = html`<b title="${`"x" & 'y'`}">${'<script>alert(1)</script>'}</b>`
    expect(html`<p>${inner}${[inner]}${7}</p>`.text).toBe(
      '<p>' +
        '<b title="&quot;x&quot; &amp; &#39;y&#39;">&lt;script&gt;alert(1)&lt;/script&gt;</b>'.repeat(2) +
        '7</p>',
    )
  })
})

describe('durations', () => {
  it.each([
    [0.354, '0.35 s'],
    [4.2, '4.2 s'],
    [119.96, '120 s'],
    [400.2, '6 min 40 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [900, '15 min'],
  ])('shows %p seconds as %p', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
  it('shows a decimal comma to readers in Brazil', () => {
    expect(duration(4.25, 'pt-BR')).toBe('4,25 s')
  })
})

describe('the report of a drill', () => {
  it('asks for nothing outside itself', async () => {
    const { result, workload, context } = await exampleDrill()
    const page = drillReport(result, workload, context, CHARTS)
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).toContain(`default-src 'none'`)
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed)\b|@import|url\(|\b(src|href)=/)
    for (const svg of Object.values(CHARTS)) expect(page).toContain(svg)
  })

  it('escapes what comes from outside, wherever it is shown', async () => {
    const { result, workload, context } = await exampleDrill()
    const nasty = `<img src=x onerror=1>"'&`
    const [step] = result.steps
    const page = drillReport(
      {
        ...result,
        drill: nasty,
        steps: [{ ...step!, title: nasty, outcome: nasty }],
        objectives: [{ name: nasty, target: nasty, measured: nasty, met: false }],
        evidence: [{ id: nasty, region: nasty, sequence: 0, hash: nasty, artefacts: [] }],
      },
      workload,
      {
        ...context,
        fault: nasty,
        from: nasty,
        to: nasty,
        environment: nasty,
        policyHash: nasty,
        notes: [nasty],
        oldPrimary: [{ way: nasty, role: nasty, refused: true, code: nasty }],
        projection: { ...context.projection, items: [{ name: nasty, assumption: nasty, seconds: 1 }] },
      },
      CHARTS,
    )
    expect(page).not.toContain('<img')
    // the drill's name twice (title and heading), and each other value where it is shown
    expect(page.split('&lt;img src=x onerror=1&gt;&quot;&#39;&amp;').length - 1).toBeGreaterThanOrEqual(20)
  })

  it('shows verdict, objectives, steps, projection, refusals and evidence', async () => {
    const { result, workload, context } = await exampleDrill()
    const page = drillReport(result, workload, context, CHARTS)
    expect(result.verdict).toBe('pass')
    expect(page).toContain('<div class="verdict pass">')
    for (const { title } of result.steps) expect(page).toContain(title)
    for (const { assumption } of context.projection.items) expect(page).toContain(assumption.replaceAll('"', '&quot;'))
    expect(page).toContain('All 3 were refused.')
    expect(page).toContain(result.evidence[0]!.hash)
    expect(page).toMatch(/lang="pt-BR"[\s\S]*aprovado/)
    expect(page).toContain('Todas as 3 foram recusadas.')
  })

  it('says in both languages that the drill is open, and what closes it', async () => {
    const { result, workload, context } = await exampleDrill()
    const wanted = { drill: 'drill-7', template: '/somewhere/drill-7-lessons.json', dueOn: '2026-12-31' }
    const page = drillReport({ ...result, lessons: wanted }, workload, context, CHARTS)
    expect(page).toContain('recovery drill close drill-7 --lessons drill-7-lessons.json')
    expect(page).not.toContain('/somewhere/')
    for (const said of ['Open.', 'Em aberto.', '2026-12-31']) expect(page).toContain(said)
    expect(drillReport(result, workload, context, CHARTS)).not.toContain('Lessons learned')
  })

  it('caps the ids it shows and says how many more there are', async () => {
    const { result, workload, context } = await exampleDrill({ lost: 40_000 })
    const page = drillReport(result, workload, context, CHARTS)
    expect(result.verdict).toBe('fail')
    expect(page).toContain('Lost: acknowledged and absent: 40,000')
    expect(page).toContain('and 39,900 more')
    expect(page).toContain('reprovado')
  })

  it('says aloud that two writers existed where the old primary accepted a write', async () => {
    const { result, workload, context } = await exampleDrill()
    const accepted = { way: 'resumed session', role: 'clinic_app', refused: false, code: '00000' }
    const page = drillReport(result, workload, { ...context, oldPrimary: [...context.oldPrimary, accepted] }, CHARTS)
    expect(page).toContain('1 were accepted: two writers existed.')
  })

  it('never shows what was not measured as a number or as met', async () => {
    const { result, workload, context } = await exampleDrill()
    const objectives = [{ name: 'RTO, seconds', target: 60, measured: 'not measured', met: false }]
    const measurements = { ...result.measurements, outageSeconds: null, lost: null }
    const page = drillReport(
      { ...result, verdict: 'inconclusive', objectives, measurements },
      workload,
      context,
      CHARTS,
    )
    expect(page).toContain('<td class="open">open</td>')
    expect(page).toContain('não medido')
    expect(page).not.toContain('✓ yes')
  })

  it('mentions, under synchronous replication only, that RDS offers it inside a region', async () => {
    const { result, workload, context } = await exampleDrill()
    const sentence = 'RDS offers synchronous replication only inside a region'
    expect(drillReport(result, workload, context, CHARTS)).not.toContain(sentence)
    expect(drillReport(result, workload, { ...context, replication: 'sync' }, CHARTS)).toContain(sentence)
  })
})

describe('the chart specifications', () => {
  it('name units on every axis and hold the measured points', async () => {
    const { workload, context } = await exampleDrill()
    const specs = drillCharts(workload, context.phases)
    const text = JSON.stringify(specs)
    for (const unit of ['seconds from the fault', 'writes per second', 'milliseconds, logarithmic'])
      expect(text).toContain(unit)
    expect(specs.timeline['data']).toMatchObject({
      values: [
        { row: 'clients unserved' },
        { row: 'detect' },
        { row: 'fence' },
        { row: 'promote' },
        { row: 'switch' },
        { row: 'reconnect' },
      ],
    })
  })
})
