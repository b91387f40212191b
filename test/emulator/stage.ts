import { openLink } from '../../adapters/local/link'
import { clientSettings } from '../../adapters/aws/client-settings'

let stages = 0

/** Settings of clients that speak to an emulator as an account of their own, through a path that may be cut. */
export interface EmulatorStage {
  /** Tells the names of this stage from those of others. */
  readonly name: string
  settings(region: string): ReturnType<typeof clientSettings> & { readonly endpoint: string }
  cut(): void
  heal(): void
  close(): Promise<void>
}

/** A stage on MiniStack, or on moto where RDS is meant. Throws where `npm run test:emulator` did not start them. */
export async function openStage(emulator: 'AWS_ENDPOINT_URL' | 'AWS_ENDPOINT_URL_RDS' = 'AWS_ENDPOINT_URL') {
  const url = process.env[emulator]
  if (!url) throw new Error(`${emulator} is not set; these tests are run by 'npm run test:emulator'`)
  const link = await openLink(() => Number(new URL(url).port))
  stages += 1
  // An access key of twelve digits is an account to MiniStack, and nothing of one account is seen by another.
  const credentials = {
    accessKeyId: String(900_000_000_000 + process.pid * 1000 + stages),
    secretAccessKey: 'emulated',
  }
  return {
    name: `s${process.pid}-${stages}`,
    settings: (region: string) => ({
      ...clientSettings(region),
      credentials,
      endpoint: `http://127.0.0.1:${link.port}`,
    }),
    cut: () => link.cut(),
    heal: () => link.heal(),
    close: () => link.close(),
  } satisfies EmulatorStage
}
