import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

// In a process of its own, as the drill draws them: the chart library is ESM only, which jest's modules are not.
const DRAW = join(__dirname, 'draw-example.ts')

it('draws the three charts into a report that asks for nothing outside itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'charts-'))
  try {
    const path = join(folder, 'report.html')
    await promisify(execFile)(process.execPath, ['--import', 'tsx', DRAW, path])
    const page = await readFile(path, 'utf8')
    const svgs = page.match(/<svg[\s\S]*?<\/svg>/g) ?? []
    // Each of the three in both languages.
    expect(svgs).toHaveLength(6)
    for (const word of ['clients unserved', 'detect', 'reconnect']) expect(svgs[0]).toContain(word)
    expect(svgs[1]).toContain('writes per second')
    expect(svgs[2]).toContain('99th percentile')
    for (const word of ['clientes sem serviço', 'detecção', 'reconexão']) expect(svgs[3]).toContain(word)
    expect(svgs[4]).toContain('gravações por segundo')
    expect(svgs[5]).toContain('percentil 99')
    for (const svg of svgs) expect(svg.length).toBeGreaterThan(2_000)
    expect(page).not.toMatch(
      /<(script|link|img|image|iframe|object|embed)\b|@import|url\((?!#)|\b(src|href)="(?!#)|NaN|undefined/,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)
