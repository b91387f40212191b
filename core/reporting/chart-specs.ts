import type { PhaseSpan, WorkloadMeasurement } from '../measurement'
import type { Json } from '../json'

/** A Vega-Lite specification as plain JSON, so that the core can state and test a chart without drawing it. */
export type ChartSpec = { readonly [key: string]: Json }

/** The charts of a drill. All times are seconds from the fault. */
export interface DrillCharts<Chart> {
  readonly timeline: Chart
  readonly throughput: Chart
  readonly latency: Chart
}

const WIDTH = 720

/** Hues that keep their contrast on white and on near-black. */
const HUES = {
  good: '#2a9d6f',
  bad: '#d1495b',
  calm: '#4c86c6',
  warm: '#c9832b',
  soft: '#8a76c4',
  grey: '#8a8f98',
} as const
const GRID = 'rgba(128,128,128,0.22)'

const CONFIG: Json = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: 'currentColor',
    titleColor: 'currentColor',
    domainColor: HUES.grey,
    tickColor: HUES.grey,
    gridColor: GRID,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  // The same room for labels on every chart, so that the same second stands below the same second.
  axisY: { minExtent: 44 },
  legend: {
    labelColor: 'currentColor',
    labelFontSize: 12,
    labelLimit: 0,
    title: null,
    orient: 'top',
    symbolStrokeWidth: 3,
  },
}

const SECONDS_AXIS: Readonly<Record<string, Json>> = {
  title: 'seconds from the fault',
  tickCount: 10,
  labelOverlap: true,
}

export const drillCharts = (workload: WorkloadMeasurement, phases: readonly PhaseSpan[]): DrillCharts<ChartSpec> => ({
  timeline: timeline(workload, phases),
  throughput: throughput(workload),
  latency: latency(workload),
})

function timeline({ outage }: WorkloadMeasurement, phases: readonly PhaseSpan[]): ChartSpec {
  const rows = phases.map(({ phase, fromSeconds, toSeconds }) => ({ row: phase, from: fromSeconds, to: toSeconds }))
  const all = outage ? [{ row: 'clients unserved', from: outage.fromSeconds, to: outage.toSeconds }, ...rows] : rows
  const names = all.map(({ row }) => row)
  const end = Math.max(1, ...all.map(({ to }) => to))
  // Room on the right, so that the label of a bar that ends last still stands inside the chart.
  const scale = { domain: [Math.min(0, ...all.map(({ from }) => from)), end * 1.12], nice: false }
  return {
    width: WIDTH - 90,
    height: { step: 30 },
    data: { values: all.map((bar) => ({ ...bar, label: `${(bar.to - bar.from).toFixed(2)} s` })) },
    encoding: {
      y: {
        field: 'row',
        type: 'nominal',
        sort: names,
        axis: { title: null, grid: false, ticks: false, domain: false },
      },
    },
    layer: [
      {
        mark: { type: 'bar', cornerRadius: 3, height: 16 },
        encoding: {
          x: { field: 'from', type: 'quantitative', scale, axis: { ...SECONDS_AXIS, grid: true } },
          x2: { field: 'to' },
          color: {
            field: 'row',
            type: 'nominal',
            scale: {
              domain: ['clients unserved', 'detect', 'fence', 'promote', 'switch', 'reconnect'],
              range: [HUES.bad, HUES.warm, HUES.soft, HUES.calm, HUES.good, HUES.grey],
            },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 12, color: 'currentColor' },
        encoding: { x: { field: 'to', type: 'quantitative' }, text: { field: 'label', type: 'nominal' } },
      },
    ],
    config: CONFIG,
  }
}

function throughput({ series, outage }: WorkloadMeasurement): ChartSpec {
  const values = series.flatMap(({ fromSeconds, acknowledgedPerSecond, failedPerSecond }) => [
    { from: fromSeconds, outcome: 'acknowledged', perSecond: acknowledgedPerSecond },
    { from: fromSeconds, outcome: 'refused or unknown', perSecond: failedPerSecond },
  ])
  return {
    width: WIDTH,
    height: 200,
    layer: [
      ...outageBand(outage),
      {
        data: { values },
        mark: { type: 'area', interpolate: 'step-after', line: { strokeWidth: 1.5 }, fillOpacity: 0.25 },
        encoding: {
          x: { field: 'from', type: 'quantitative', scale: { nice: false }, axis: SECONDS_AXIS },
          y: {
            field: 'perSecond',
            type: 'quantitative',
            stack: false,
            axis: { title: 'writes per second', tickCount: 5 },
          },
          color: {
            field: 'outcome',
            type: 'nominal',
            scale: { domain: ['acknowledged', 'refused or unknown'], range: [HUES.good, HUES.bad] },
          },
        },
      },
      faultLine(),
    ],
    config: CONFIG,
  }
}

function latency({ series, outage }: WorkloadMeasurement): ChartSpec {
  const values = series.flatMap(({ fromSeconds, p50Ms, p99Ms }) => [
    // null breaks the line where nothing was acknowledged
    { from: fromSeconds, quantile: 'median', ms: p50Ms ?? null },
    { from: fromSeconds, quantile: '99th percentile', ms: p99Ms ?? null },
  ])
  return {
    width: WIDTH,
    height: 180,
    layer: [
      ...outageBand(outage),
      {
        data: { values },
        mark: { type: 'line', interpolate: 'monotone', strokeWidth: 1.8, invalid: 'break-paths-show-path-domains' },
        encoding: {
          x: { field: 'from', type: 'quantitative', scale: { nice: false }, axis: SECONDS_AXIS },
          y: {
            field: 'ms',
            type: 'quantitative',
            scale: { type: 'log', nice: true },
            axis: { title: 'milliseconds, logarithmic', tickCount: 4, format: '~g' },
          },
          color: {
            field: 'quantile',
            type: 'nominal',
            scale: { domain: ['median', '99th percentile'], range: [HUES.calm, HUES.warm] },
          },
        },
      },
      faultLine(),
    ],
    config: CONFIG,
  }
}

const outageBand = (outage: WorkloadMeasurement['outage']): Json[] =>
  outage
    ? [
        {
          data: { values: [{ from: outage.fromSeconds, to: outage.toSeconds }] },
          mark: { type: 'rect', color: HUES.bad, opacity: 0.1 },
          encoding: { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
        },
      ]
    : []

const faultLine = (): Json => ({
  data: { values: [{ at: 0, label: 'fault' }] },
  encoding: { x: { field: 'at', type: 'quantitative' } },
  layer: [
    { mark: { type: 'rule', color: HUES.bad, strokeDash: [4, 3], strokeWidth: 1.5 } },
    {
      mark: { type: 'text', align: 'right', baseline: 'top', dx: -6, fontSize: 12, color: 'currentColor' },
      encoding: { text: { field: 'label', type: 'nominal' }, y: { value: 4 } },
    },
  ],
})
