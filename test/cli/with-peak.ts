import { run } from '../../cli/program'

/** Runs the CLI and writes the most memory that its process ever held as the last line of standard error. Run as a process of its own. */
void run(process.argv.slice(2)).then((code) => {
  const { maxRSS } = process.resourceUsage()
  process.stderr.write(`\n${JSON.stringify({ megabytes: Math.ceil(maxRSS / 1024) })}\n`)
  process.exitCode = code
})
