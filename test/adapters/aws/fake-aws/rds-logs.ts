import type { FakeInstance } from './rds'

/** Files of a log, one on each page, so that whoever asks has to page. */
export function logFiles({ logs = new Map() }: FakeInstance, marker: string | null = null): string {
  const files = [...logs]
  const at = Number(marker ?? 0)
  const page = files
    .slice(at, at + 1)
    .map(
      ([name, text]) =>
        `<DescribeDBLogFilesDetails><LogFileName>${name}</LogFileName><Size>${Buffer.byteLength(text)}</Size></DescribeDBLogFilesDetails>`,
    )
  const next = at + 1 < files.length ? `<Marker>${at + 1}</Marker>` : ''
  return `<DescribeDBLogFilesResponse><DescribeDBLogFilesResult>${next}<DescribeDBLogFiles>${page.join('')}</DescribeDBLogFiles></DescribeDBLogFilesResult></DescribeDBLogFilesResponse>`
}

/** Characters of one portion here; RDS gives a megabyte. */
const PORTION = 16

/** From the marker on, which `0` sets to the beginning; without one RDS gives the end alone. Undefined: no such file. */
export function logPortion({ logs }: FakeInstance, query: URLSearchParams): string | undefined {
  const text = logs?.get(query.get('LogFileName') ?? '')
  if (text === undefined) return undefined
  const marker = query.get('Marker')
  const from = marker === null ? Math.max(0, text.length - PORTION) : Number(marker)
  const to = Math.min(text.length, from + PORTION)
  return `<DownloadDBLogFilePortionResponse><DownloadDBLogFilePortionResult><LogFileData>${text.slice(from, to)}</LogFileData><Marker>${to}</Marker><AdditionalDataPending>${to < text.length}</AdditionalDataPending></DownloadDBLogFilePortionResult></DownloadDBLogFilePortionResponse>`
}
