import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionContract } from '../../lambda/contract'

const ROOT = join(__dirname, '../../lambda')

/** Every function there is, by its folder. */
export const FUNCTIONS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

export const handlerFile = (name: string): string => join(ROOT, name, 'handler.ts')
export const handlerText = (name: string): string => readFileSync(handlerFile(name), 'utf8')

export const contractOf = async (name: string): Promise<FunctionContract> =>
  ((await import(join(ROOT, name, 'contract.ts'))) as { contract: FunctionContract }).contract

export type Handler = (event: unknown) => Promise<unknown>

/** The handler as Lambda would load it: with the process's environment as it stands now. */
export async function loadHandler(name: string): Promise<Handler> {
  let loaded: { handler: Handler } | undefined
  await jest.isolateModulesAsync(async () => {
    loaded = (await import(handlerFile(name))) as { handler: Handler }
  })
  return loaded!.handler
}
