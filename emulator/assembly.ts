import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../core/json'

export interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, Json>>
  readonly [attribute: string]: Json | undefined
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly [section: string]: Json | Readonly<Record<string, Resource>> | undefined
}

/** One stack as it was synthesized. */
export interface SynthesizedStack {
  readonly name: string
  readonly region: string
  /** Path of its template. */
  readonly file: string
  readonly template: Template
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      { readonly type: string; readonly environment?: string; readonly properties?: Readonly<Record<string, string>> }
    >
  >
}

/** Every stack of a cloud assembly and of the assemblies inside it. */
export function readAssembly(folder: string): SynthesizedStack[] {
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  return Object.entries(artifacts).flatMap(([id, { type, environment = '', properties = {} }]) => {
    if (type === 'cdk:cloud-assembly') return readAssembly(join(folder, properties['directoryName']!))
    if (type !== 'aws:cloudformation:stack') return []
    const file = join(folder, properties['templateFile']!)
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template
    return [{ name: properties['stackName'] ?? id, region: environment.split('/').at(-1)!, file, template }]
  })
}
