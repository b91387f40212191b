import type { Policy } from '../core/policy'
import { calendar } from './calendar'

/** Kept apart from the rest: people and dates change often, and an edit here redeploys only this. */
export const contactsAndCalendar: Pick<Policy, 'contacts' | 'calendar' | 'escalation' | 'documentControl'> = {
  contacts: {
    primary: [
      { role: 'DevOps Lead', email: 'devops@neonpro.healthcare' },
      { role: 'Security Team', email: 'security@neonpro.healthcare' },
      { role: 'Compliance Officer', email: 'compliance@neonpro.healthcare' },
      { role: 'Healthcare Director', email: 'medical@neonpro.healthcare' },
    ],
    external: [
      { role: 'Vercel Support', email: 'support@vercel.com' },
      { role: 'Supabase Support', email: 'support@supabase.io' },
      { role: 'AWS Support', email: 'aws-support@neonpro.healthcare' },
      { role: 'Legal Counsel', email: 'legal@neonpro.healthcare' },
    ],
  },
  escalation: [
    { level: 1, who: ['DevOps team'], notify: ['DevOps Lead'], fromMinutes: 0, untilMinutes: 30, when: 'by-time' },
    {
      level: 2,
      who: ['Security', 'Compliance'],
      notify: ['Security Team', 'Compliance Officer'],
      fromMinutes: 30,
      untilMinutes: 60,
      when: 'by-time',
    },
    {
      level: 3,
      who: ['Executive team'],
      notify: ['Healthcare Director'],
      fromMinutes: 60,
      untilMinutes: 'open',
      when: 'by-time',
    },
    {
      level: 4,
      who: ['External vendors', 'Regulators'],
      // Regulators are addressed by counsel: whether and what to report to them is a legal decision.
      notify: ['Vercel Support', 'Supabase Support', 'AWS Support', 'Legal Counsel'],
      fromMinutes: 0,
      untilMinutes: 'open',
      when: 'critical-incident',
    },
  ],
  calendar,
  documentControl: {
    version: '1.0',
    effectiveDate: '2025-09-22',
    reviewDate: '2025-12-22',
    owner: 'Compliance Officer',
    approvedBy: ['Medical Director', 'CTO'],
    changesReviewedBy: ['Compliance Officer', 'Medical Director'],
  },
}
