import type { Reporter } from '../core/ports/reporter'

/**
 * Runs `work` and shows its progress: live where a person looks at standard output, else one plain line per message on
 * standard error. Give `live` false where standard output belongs to a document.
 */
export async function withProgress<T>(
  title: string,
  live: boolean,
  work: (reporter: Reporter) => Promise<T>,
): Promise<T> {
  if (!live || !process.stdout.isTTY) return work({ emit: ({ text }) => void process.stderr.write(`${text}\n`) })
  // ESM only, and needed on a terminal alone.
  const { Listr } = await import('listr2')
  let result: { readonly value: T } | undefined
  await new Listr(
    [
      {
        title,
        task: async (_, task) => {
          const reporter: Reporter = {
            emit: ({ text }) => {
              task.output = text
            },
          }
          result = { value: await work(reporter) }
        },
        rendererOptions: { outputBar: Infinity, persistentOutput: true },
      },
    ],
    // The world ends itself on an interrupt; a second handler would cut that short.
    { registerSignalListeners: false },
  ).run()
  if (!result) throw new Error(`'${title}' ended without a result`)
  return result.value
}
