import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AwsEnvironment } from './environment'

/**
 * Endpoints that the profile in force sets for the SDK, by itself or through its `services` section; none where there is no
 * such file, as in a function. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function profileEndpoints(environment: AwsEnvironment): { readonly where: string; readonly url: string }[] {
  const home = environment['HOME'] || homedir()
  const files = [
    environment['AWS_CONFIG_FILE'] || join(home, '.aws', 'config'),
    environment['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials'),
  ]
  const profile = environment['AWS_PROFILE'] || 'default'
  return files.flatMap((file) => {
    const sections = sectionsOf(file)
    const own = [`profile ${profile}`, profile].flatMap((name) => sections.get(name) ?? [])
    const services = valuesOf(own, 'services').flatMap((name) => sections.get(`services ${name}`) ?? [])
    return valuesOf([...own, ...services], 'endpoint_url').map((url) => ({
      where: `endpoint_url of profile '${profile}' in ${file}`,
      url,
    }))
  })
}

/** Lines of each section, those of nested values too, by the section's name. */
function sectionsOf(file: string): ReadonlyMap<string, string[]> {
  const sections = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of textOf(file)
    .split('\n')
    .map((raw) => raw.trim())) {
    const [, name] = /^\[\s*([^\]]*?)\s*\]/.exec(line) ?? []
    if (name === undefined) lines.push(line)
    else {
      const key = name.replaceAll(/["']/g, '').replaceAll(/\s+/g, ' ')
      lines = sections.get(key) ?? []
      sections.set(key, lines)
    }
  }
  return sections
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const valuesOf = (lines: readonly string[], name: string): string[] =>
  lines.flatMap((line) => {
    const [key, ...rest] = line.split('=')
    const value = rest.join('=').trim()
    return key?.trim() === name && value !== '' ? [value] : []
  })
