export { complianceReport } from './compliance-report'
export { drillCharts, type ChartSpec, type DrillCharts } from './chart-specs'
export type { AttemptList, DrillContext } from './drill-context'
export { drillReport } from './drill-report'
