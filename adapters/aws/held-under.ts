import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { HeldUnder } from '../../core/ports/recovery-points'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** Our keys of one region by their aliases, and whose of them encrypts something. */
export class KeysOfRegion {
  private known: Promise<ReadonlyMap<string, HeldUnder>> | undefined

  constructor(
    private readonly client: KMSClient,
    private readonly aliases: Readonly<Record<'database' | 'backup', string>>,
  ) {}

  /** An alias can be moved to another key: what was encrypted before it was is under a foreign one, and said to be. */
  async holderOf(keyArn: string | undefined): Promise<HeldUnder> {
    if (!keyArn) return 'nothing'
    // Asked once; one that failed is asked again.
    this.known ??= this.ask().catch((error: unknown) => {
      this.known = undefined
      throw error
    })
    return (await this.known).get(keyArn) ?? 'foreign'
  }

  private async ask(): Promise<ReadonlyMap<string, HeldUnder>> {
    const found = new Map<string, HeldUnder>()
    for (const purpose of ['database', 'backup'] as const) {
      const arn = await this.arnOf(this.aliases[purpose])
      if (arn) found.set(arn, purpose)
    }
    return found
  }

  private async arnOf(alias: string): Promise<string | undefined> {
    const command = new DescribeKeyCommand({ KeyId: alias })
    try {
      const { KeyMetadata } = await asking(`describing '${alias}'`, () => this.client.send(command, within(CALL_MS)))
      // Under one that is disabled or about to be deleted nothing can be opened, whoever made it.
      return KeyMetadata?.KeyState === 'Enabled' ? KeyMetadata.Arn : undefined
    } catch (error) {
      if (isException(error, 'NotFound')) return undefined
      throw error
    }
  }
}
