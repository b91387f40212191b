import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder whose disk has the given size. Only root may mount one, and not everywhere; undefined where nobody may. */
export function mountTmpfs(megabytes: number): { readonly folder: string; remove(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'))
  const remove = () => {
    execFileSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true })
  }
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', folder], { stdio: 'ignore' })
    return { folder, remove }
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
}

/** Starts a program in a network of its own that has two ports to give. Only root may; undefined where nobody may. */
export function fewPorts(): readonly string[] | undefined {
  const narrow = 'echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range && exec "$@"'
  const wrapper = ['unshare', '--net', 'sh', '-c', narrow, 'sh']
  try {
    execFileSync(wrapper[0]!, [...wrapper.slice(1), 'true'], { stdio: 'ignore' })
    return wrapper
  } catch {
    return undefined
  }
}
