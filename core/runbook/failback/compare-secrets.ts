import { ordinary } from '../steps/input'
import type { FailbackStep } from './input'

/**
 * Secrets have stood alone since the failover: one that was rotated there is old where the application moves to, and its
 * login would be refused from the moment of the switch. Asked before clients are stopped, while it costs nothing.
 */
export const compareSecrets: FailbackStep = {
  ...ordinary,
  id: 'compare-secrets',
  title: 'See the same secrets in force in both regions',
  byHand:
    'Compare which version of each secret is in force in the two regions. Bring what was changed since the failover to the region that takes over, before clients are stopped.',
  privilege: 'application',
  mayAsk: 'a second person, when a secret has another version in force in the region that takes over',
  begin: async ({ ports, input: { writer, successor }, approvedBy }) => {
    const differing = await ports.secretCopies.differing(writer.region, successor.region)
    const output = { differing: differing.length, acceptedBy: approvedBy?.length ?? 0 }
    if (differing.length === 0 || approvedBy) return { kind: 'done', output }
    return {
      kind: 'ask',
      approval: {
        kind: 'second-person',
        question: `${differing.length} secrets differ between ${writer.region} and ${successor.region}. Hand over all the same?`,
      },
    }
  },
  preview: async ({ ports, input: { writer, successor } }) => ({
    differing: (await ports.secretCopies.differing(writer.region, successor.region)).length,
  }),
  undo: { none: 'it changes nothing' },
}
