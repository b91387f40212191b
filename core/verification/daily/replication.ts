import { found, judgeOne, type Judge } from './judge'

/** The replica hears from its source, and its newest heartbeat is no older than the promise allows. */
export const replication: Judge = (facts, { replica }) => {
  if (!replica) return undefined
  const judged = judgeOne(facts.replication, ({ receives, heartbeatAt }) => {
    if (heartbeatAt === undefined) return [found('heartbeat-missing', replica.instance)]
    const seconds = Math.round((Date.parse(facts.at) - Date.parse(heartbeatAt)) / 1000)
    return [
      ...(receives === 'down' ? [found('replica-silent', replica.instance)] : []),
      ...(seconds > replica.behindSeconds
        ? [found('replica-behind', replica.instance, { seconds, most: replica.behindSeconds })]
        : []),
    ]
  })
  // A receiver that nobody may look at says nothing, whatever the heartbeat says.
  const unknown = facts.replication.seen && facts.replication.value.receives === 'unknown'
  return unknown ? { ...judged, unseen: [...judged.unseen, 'RECEIVER_UNKNOWN'] } : judged
}
