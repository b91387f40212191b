import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '..')

/** Synthesizes an environment into a folder, as `cdk synth` does. Throws with what it said where that fails. */
export async function synthesizeInto(folder: string, environment: string, preset?: string): Promise<void> {
  const context = ['-c', `environment=${environment}`, ...(preset ? ['-c', `preset=${preset}`] : [])]
  const child = spawn(
    process.execPath,
    [require.resolve('aws-cdk/bin/cdk'), 'synth', '--quiet', ...context, '--output', folder],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`cdk synth ended with ${code}: ${said.slice(-2000)}`)
}
