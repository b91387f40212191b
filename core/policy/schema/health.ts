import { z } from 'zod'
import { count, days, minutes, seconds } from './values'

/** How the health of the platform is looked at. What has an alarm of its own is judged by the alarm's threshold. */
export const health = z.strictObject({
  everyMinutes: count('whole minutes between two looks at the health of the platform'),
  slowSeconds: seconds('a served page that takes longer is degraded'),
  lookBackMinutes: minutes('how far back the runs of functions are counted'),
  deadLettersMinutes: minutes('age from which an event that a function could not take is more than worn'),
  certificate: z.strictObject({
    degradedDays: days('a certificate that lasts shorter should have been renewed'),
    unhealthyDays: days('a certificate that lasts shorter has to be renewed today'),
  }),
  windowDays: days('window of the availability that the looks come to'),
})
