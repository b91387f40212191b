import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cron } from 'croner'
import { parse } from 'yaml'
import { z } from 'zod'
import { code } from '../../policy/code'

const ROOT = join(__dirname, '..', '..')
const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
})
const job = z.object({
  permissions: z.record(z.string(), z.string()),
  steps: z.array(step),
  needs: z.array(z.string()).optional(),
})
const workflow = z
  .object({
    on: z.object({
      push: z.object({ branches: z.array(z.string()), tags: z.array(z.string()) }),
      schedule: z.array(z.object({ cron: z.string() })),
    }),
    permissions: z.object({}).strict(),
    jobs: z.object({ release: job, copy: job }),
  })
  .parse(parse(readFileSync(join(ROOT, '.github/workflows/code.yml'), 'utf8')))
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const runsOf = (name: 'release' | 'copy') => workflow.jobs[name].steps.flatMap(({ run }) => run ?? [])

test('copies are pushed on every release tag, and at least as often as the policy says', () => {
  expect(workflow.on.push.tags).toEqual(['v*'])
  const [scheduled] = workflow.on.schedule
  const runs = new Cron(scheduled!.cron, { timezone: 'UTC' }).nextRuns(50, new Date('2026-01-01T00:00:00Z'))
  const gaps = runs.slice(1).map((at, i) => (at.getTime() - runs[i]!.getTime()) / 3_600_000)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(code.pushEveryHours)
  expect(runsOf('copy')).toContain('npm run code:push -- --environment production')
})

test('a release is tagged by the commit messages before the copy is made', () => {
  expect(runsOf('release').join('\n')).toMatch(/npm run --silent release:tag[^]*git push origin "refs\/tags\/\$tag"/)
  expect(workflow.jobs.copy.needs).toEqual(['release'])
})

test('what the workflow runs is there, and the whole history is fetched', () => {
  const called = [...runsOf('release'), ...runsOf('copy')].flatMap((run) =>
    [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name!),
  )
  expect(called.toSorted()).toEqual(['code:push', 'release:tag'])
  for (const name of called) expect(scripts).toHaveProperty([name])
  for (const { steps } of Object.values(workflow.jobs))
    expect(steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))?.with).toEqual({ 'fetch-depth': 0 })
})

test('only the release may write to the repository, and only the copy may take the role', () => {
  expect(workflow.jobs.release.permissions).toEqual({ contents: 'write' })
  expect(workflow.jobs.copy.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
})
