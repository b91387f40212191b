import type { Policy } from '../core/policy'

/** How the health is looked at: ours, since the procedure names the script and its checks, and no numbers. */
export const health: Policy['health'] = {
  // The procedure wants an alarm after five minutes (kpis.availability).
  everyMinutes: 5,
  // Half of what a health checker waits for an answer (pace.detection).
  slowSeconds: 2,
  // Three looks: an error that is over for longer belongs to its alarm and its incident.
  lookBackMinutes: 15,
  // A day and a night; SQS keeps them for fourteen days.
  deadLettersMinutes: 24 * 60,
  // ACM renews 60 days before the end (https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html): what is not
  // renewed after half of that will not be by itself, and a person needs a week.
  certificate: { degradedDays: 30, unhealthyDays: 7 },
  // Availability is promised for a month.
  windowDays: 30,
}
