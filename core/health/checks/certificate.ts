import { found, judgeEach } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

const DAY_MS = 86_400_000

/** Each certificate is trusted, for its name, and lasts. */
export const certificate: HealthJudge = ({ handshakes, at }, { certificates, certificateDays }) =>
  judgeEach(
    certificates,
    (subject) => handshakes[subject],
    (subject, { trusted, named, validUntil }) => {
      const days = Math.floor((Date.parse(validUntil) - Date.parse(at)) / DAY_MS)
      return [
        ...(trusted ? [] : [found('certificate-untrusted', subject)]),
        ...(named ? [] : [found('certificate-misnamed', subject)]),
        ...(days < certificateDays.unhealthy
          ? [found('certificate-ending', subject, { days })]
          : days < certificateDays.degraded
            ? [found('certificate-due', subject, { days })]
            : []),
      ]
    },
  )
