import { TLS_VERSIONS } from '../../ports/health-probes'
import { found, judgeEach } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

/** No server agrees to a version of TLS that is older than the policy allows. */
export const protocol: HealthJudge = ({ handshakes }, { certificates, oldestTls }) =>
  judgeEach(
    certificates,
    (subject) => handshakes[subject],
    (subject, { accepts }) => {
      const weak = accepts.filter((version) => TLS_VERSIONS.indexOf(version) < TLS_VERSIONS.indexOf(oldestTls))
      return weak.length === 0 ? [] : [found('protocol-weak', subject, { accepts: weak, oldest: oldestTls })]
    },
  )
