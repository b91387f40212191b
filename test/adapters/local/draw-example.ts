import { writeFileSync } from 'node:fs'
import { drawCharts } from '../../../adapters/local/charts'
import { drillCharts, drillReport } from '../../../core/reporting'
import { exampleDrill } from '../../core/reporting/example'

/** `draw-example.ts <file.html> [lost]`: writes the report of a made-up drill, to test it and to look at it. */
async function main(path: string, lost: string | undefined): Promise<void> {
  const { result, workload, context } = await exampleDrill(lost === undefined ? {} : { lost: Number(lost) })
  const charts = await drawCharts(drillCharts(workload, context.phases))
  writeFileSync(path, drillReport(result, workload, context, charts))
}

void main(process.argv[2] ?? 'report.html', process.argv[3])
