import type { TopLevelSpec } from 'vega-lite'
import type { ChartSpec, DrillCharts } from '../../core/reporting'

/** Draws charts as SVG text, without a browser or a canvas. */
export async function drawCharts(specs: DrillCharts<ChartSpec>): Promise<DrillCharts<string>> {
  // Both are ESM only, and large: loaded when a report is drawn, not before.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  const draw = async (spec: ChartSpec): Promise<string> => {
    const { spec: compiled } = vegaLite.compile(spec as unknown as TopLevelSpec)
    const view = new vega.View(vega.parse(compiled), { renderer: 'none' })
    try {
      return await view.toSVG()
    } finally {
      view.finalize()
    }
  }
  return {
    timeline: await draw(specs.timeline),
    throughput: await draw(specs.throughput),
    latency: await draw(specs.latency),
  }
}
