import { z } from 'zod'
import type { RecordCheck } from './control'

const incidentDrill = z.object({ compliance: z.object({ noticeDue: z.iso.date() }) })

/** The drill of an incident said by which day the ANPD and the persons have to be told, and that day was to come. */
export const NOTICE_COMPUTED: RecordCheck['broken'] = ({ measurements, startedAt }) => {
  const due = incidentDrill.safeParse(measurements).data?.compliance.noticeDue
  if (due === undefined) return ['no day was computed by which the notice is due']
  return due > startedAt.slice(0, 10) ? [] : [`the notice was due on ${due}, before anybody could have known`]
}
