import { rule, when, type Rules } from './rule'

const findingsGrowGraver = rule(
  'a graver finding never makes a milder incident',
  ['governance.findings.incidentFrom', 'governance.findings.highFrom', 'governance.findings.criticalFrom'],
  ({ governance: { findings } }) => [
    ...when(
      findings.highFrom < findings.incidentFrom,
      'governance.findings.highFrom',
      `is ${findings.highFrom}, findings are incidents from ${findings.incidentFrom} on`,
      `use ${findings.incidentFrom} or more`,
    ),
    ...when(
      findings.criticalFrom < findings.highFrom,
      'governance.findings.criticalFrom',
      `is ${findings.criticalFrom}, below ${findings.highFrom} from which findings are high`,
      `use ${findings.highFrom} or more`,
    ),
  ],
)

const writesOfTheEvidenceAreRecorded = rule(
  'whoever writes into the evidence is on record',
  ['governance.trail.dataEvents'],
  ({ governance: { trail } }) =>
    when(
      trail.mode === 'create' && !trail.dataEvents.includes('evidence'),
      'governance.trail.dataEvents',
      "does not name 'evidence'",
      'add it: its hashes prove what was written, only the trail by whom',
    ),
)

export const governanceRules: Rules = { findingsGrowGraver, writesOfTheEvidenceAreRecorded }
