import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Json } from '../../core/json'
import { SECTIONS, type Assembly, type StackTemplate } from '../../core/posture/assembly'
import { templateSchema } from '../../core/posture/template-schema'
import { UserError } from '../../core/user-error'

const manifest = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        environment: z.string().optional(),
        properties: z
          .looseObject({
            templateFile: z.string().optional(),
            directoryName: z.string().optional(),
            stackName: z.string().optional(),
            terminationProtection: z.boolean().optional(),
            file: z.string().optional(),
          })
          .optional(),
      }),
    )
    .default({}),
})

const assets = z.looseObject({
  files: z.record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string().optional() }) })).default({}),
})

/**
 * Reads what `cdk synth` wrote into a folder: every stack of every stage, and the policy that its functions carry.
 * Throws UserError where the folder holds no assembly.
 */
export async function readAssembly(folder: string): Promise<Assembly> {
  const stacks = await stacksOf(folder)
  if (stacks.length === 0)
    throw new UserError(
      'ASSEMBLY_EMPTY',
      `'${folder}' holds no synthesized stack`,
      "give a folder that 'cdk synth --output <folder>' wrote",
    )
  const policy = await policyOf(folder)
  return { stacks, ...(policy !== undefined && { policy }) }
}

async function stacksOf(folder: string): Promise<StackTemplate[]> {
  const { artifacts } = manifest.parse(await readJson(join(folder, 'manifest.json')))
  const found = await Promise.all(
    Object.entries(artifacts).map(async ([id, { type, environment, properties }]): Promise<StackTemplate[]> => {
      if (type === 'cdk:cloud-assembly' && properties?.directoryName)
        return stacksOf(join(folder, properties.directoryName))
      if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) return []
      const { Resources, ...rest } = templateSchema.parse(await readJson(join(folder, properties.templateFile)))
      return [
        {
          stack: properties.stackName ?? id,
          region: environment?.split('/').at(-1) ?? 'unknown',
          terminationProtection: properties.terminationProtection ?? false,
          sections: sectionsOf(rest),
          resources: Resources,
        },
      ]
    }),
  )
  return found.flat()
}

/** The file of each stack's template, in every stage of an assembly. */
export async function templateFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const { artifacts } = manifest.parse(await readJson(join(folder, 'manifest.json')))
  const files = new Map<string, string>()
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName)
      for (const [stack, file] of await templateFiles(join(folder, properties.directoryName))) files.set(stack, file)
    if (type === 'aws:cloudformation:stack' && properties?.templateFile)
      files.set(properties.stackName ?? id, join(folder, properties.templateFile))
  }
  return files
}

const sectionsOf = (rest: { readonly [section: string]: unknown }) =>
  Object.fromEntries(
    SECTIONS.flatMap((section) => {
      const { [section]: held } = rest
      return held === undefined ? [] : [[section, z.json().parse(held)] as const]
    }),
  )

/**
 * The layer that every function reads its policy from; the same in all of them. A folder that was synthesized into before
 * keeps the layers of then: only what the stacks of now deploy counts.
 */
async function policyOf(folder: string): Promise<Json | undefined> {
  for (const asset of await assetsOf(folder)) {
    const text = await readFile(join(asset, 'policy.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return z.json().parse(JSON.parse(text))
  }
  return undefined
}

/** Files and folders that the stacks of an assembly deploy, in every stage. */
async function assetsOf(folder: string): Promise<string[]> {
  const { artifacts } = manifest.parse(await readJson(join(folder, 'manifest.json')))
  const found = await Promise.all(
    Object.values(artifacts).map(async ({ type, properties }): Promise<string[]> => {
      if (type === 'cdk:cloud-assembly' && properties?.directoryName)
        return assetsOf(join(folder, properties.directoryName))
      if (type !== 'cdk:asset-manifest' || !properties?.file) return []
      const { files } = assets.parse(await readJson(join(folder, properties.file)))
      return Object.values(files).flatMap(({ source }) => (source.path ? [join(folder, source.path)] : []))
    }),
  )
  return [...new Set(found.flat())]
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown
  } catch (cause) {
    throw new UserError(
      'ASSEMBLY_UNREADABLE',
      `'${file}' is not there or is no JSON`,
      "give a folder that 'cdk synth --output <folder>' wrote",
      { cause },
    )
  }
}
