import type { Protection } from '../ports/compliance'

/** What a violation opens, the worst first: in this order they are remedied. */
export const EXPOSURES = {
  disclosure: 'whoever should not can read data of patients',
  destruction: 'whoever should not can destroy data or its copies',
  blindness: 'nobody would notice who does either',
  erosion: 'protection runs out with time',
} as const
export type Exposure = keyof typeof EXPOSURES

/** What people have to know so that it does not come back, and who has to. Roles are contacts of the policy. */
export const TRAINING_TOPICS = {
  'public-access': { title: 'no bucket is ever public', roles: ['DevOps Lead', 'Security Team'] },
  'keys-of-copies': { title: 'a copy of data is encrypted with our own key', roles: ['DevOps Lead'] },
  'locks-and-deletion': { title: 'locks and deletion protection stay on', roles: ['DevOps Lead', 'Security Team'] },
  retention: { title: 'how long backups, files and logs are kept', roles: ['DevOps Lead', 'Compliance Officer'] },
  'audit-trail': { title: 'the trail of calls is never stopped', roles: ['Security Team', 'Compliance Officer'] },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly roles: readonly string[] }>>
export type TrainingTopic = keyof typeof TRAINING_TOPICS

/** One way in which an account is not as it is declared, and the one way to put that right. */
export interface FindingKind {
  readonly kind: Protection['kind']
  /** What is wrong, in plain words. */
  readonly title: string
  /** The same for readers in Brazil. */
  readonly titulo: string
  /** Where the comparison of postures sees it: the place in the form of a template. */
  readonly seenAt: RegExp
  readonly foundBy: string
  readonly remedy: string
  /**
   * Whom the remedy has to be asked, beside whom a run asks anyway; `none` where waiting would only prolong the exposure
   * and the remedy takes nothing away.
   */
  readonly approval: 'second-person' | 'none'
  readonly proof: string
  readonly exposure: Exposure
  /** Section of the procedure that the revision record belongs to. */
  readonly section: string
  readonly training: TrainingTopic
  /** Requirements of LGPD, ANVISA and CFM that are not met meanwhile, and technical controls, by their ids in the catalogue. */
  readonly requirements: readonly string[]
}

export const FINDING_KINDS = {
  'bucket-public': {
    kind: 'bucket',
    title: 'a bucket can be made public',
    titulo: 'um bucket pode ser tornado público',
    seenAt: /^PublicAccessBlockConfiguration(\.|$)/,
    foundBy: 'its block of public access, all four switches of which have to be on',
    remedy: 'switch all four on again; with them on, a public policy reaches nobody',
    approval: 'none',
    proof: 'all four switches read on',
    exposure: 'disclosure',
    section: 'Healthcare Data Protection / Encryption Standards',
    training: 'public-access',
    requirements: ['LGPD-04', 'CFM-03'],
  },
  'copy-unencrypted': {
    kind: 'copy',
    title: 'a snapshot is not encrypted with our key',
    titulo: 'um snapshot não está cifrado com a nossa chave',
    seenAt: /^KmsKeyId$/,
    foundBy: 'the key of each snapshot that was taken by hand, which has to be the one of the database',
    remedy: 'copy it under that key, see the copy available, then delete the bare one',
    // The bare snapshot is deleted: nobody decides that alone.
    approval: 'second-person',
    proof: 'the bare snapshot is gone, and its copy under our key is available',
    exposure: 'disclosure',
    section: 'Healthcare Data Protection / Encryption Standards',
    training: 'keys-of-copies',
    requirements: ['LGPD-04', 'CFM-03', 'ENC-03'],
  },
  'lock-removed': {
    kind: 'vault',
    title: 'a vault has lost its lock, or a part of it',
    titulo: 'um cofre de backup perdeu o bloqueio',
    seenAt: /^LockConfiguration(\.|$)/,
    foundBy: 'the lock of the vault, with the shortest and the longest retention that it takes',
    remedy: 'lock it again in governance mode, with the days that are declared',
    approval: 'none',
    proof: 'the vault reads as locked, with those days',
    exposure: 'destruction',
    section: 'Backup Strategies / Automated Backups',
    training: 'locks-and-deletion',
    requirements: ['BCP-04', 'CFM-05'],
  },
  'deletion-protection-off': {
    kind: 'database',
    title: 'a database can be deleted by one call',
    titulo: 'um banco de dados pode ser apagado com uma só chamada',
    seenAt: /^DeletionProtection$/,
    foundBy: 'the deletion protection of the instance',
    remedy: 'switch it on again',
    approval: 'none',
    proof: 'the instance reads as protected',
    exposure: 'destruction',
    section: 'Backup Strategies / Automated Backups',
    training: 'locks-and-deletion',
    requirements: ['CFM-05'],
  },
  'trail-stopped': {
    kind: 'trail',
    title: 'the trail records no calls',
    titulo: 'a trilha de auditoria não registra chamadas',
    seenAt: /^IsLogging$/,
    foundBy: 'the status of the trail',
    remedy: 'start it again; what happened meanwhile is recorded nowhere, and has to be asked for as an incident',
    approval: 'none',
    proof: 'the trail reads as recording',
    exposure: 'blindness',
    section: 'Compliance Requirements / CFM',
    training: 'audit-trail',
    requirements: ['LGPD-09', 'CFM-08'],
  },
  'log-retention-shortened': {
    kind: 'log-group',
    title: 'logs are kept for fewer days than declared',
    titulo: 'registros são guardados por menos tempo que o declarado',
    seenAt: /^RetentionInDays$/,
    foundBy: 'the retention of the log group',
    remedy: 'set the declared days again; what was deleted meanwhile does not come back',
    approval: 'none',
    proof: 'the log group reads with at least those days',
    exposure: 'blindness',
    section: 'Healthcare Data Protection / Data Classification',
    training: 'retention',
    requirements: ['DC-04', 'CFM-08'],
  },
  'selection-removed': {
    kind: 'backup-selection',
    title: 'a backup plan no longer takes in what it has to',
    titulo: 'um plano de backup deixou de incluir o que deve',
    seenAt: /^BackupSelection(\.|$)/,
    foundBy: 'the selections of the plan, by name',
    remedy: 'select again what is declared, under the declared role',
    approval: 'none',
    proof: 'the plan has the selection, with the same resources and tags',
    exposure: 'erosion',
    section: 'Backup Strategies / Automated Backups',
    training: 'retention',
    requirements: ['BCP-03', 'CFM-05'],
  },
  'plan-retention-shortened': {
    kind: 'backup-plan',
    title: 'a backup plan keeps backups for fewer days than declared',
    titulo: 'um plano de backup guarda cópias por menos tempo que o declarado',
    seenAt: /^BackupPlan\.BackupPlanRule(\.|$)/,
    foundBy: 'the lifecycle of each rule of the plan',
    remedy: 'set the declared days again; backups taken meanwhile keep the days that they were given',
    approval: 'none',
    proof: 'each rule reads with at least those days',
    exposure: 'erosion',
    section: 'Backup Strategies / Automated Backups',
    training: 'retention',
    requirements: ['LGPD-05', 'BCP-03', 'CFM-05'],
  },
  'bucket-retention-shortened': {
    kind: 'bucket',
    title: 'a bucket ends files sooner than declared',
    titulo: 'um bucket elimina arquivos antes do prazo declarado',
    seenAt: /^LifecycleConfiguration(\.|$)/,
    foundBy: 'the rules of its lifecycle',
    remedy: 'take back every end that is not declared, and leave all other rules as they are',
    approval: 'none',
    proof: 'no rule ends anything sooner than declared',
    exposure: 'erosion',
    section: 'Healthcare Data Protection / Data Classification',
    training: 'retention',
    requirements: ['LGPD-05', 'CFM-05'],
  },
  'key-rotation-off': {
    kind: 'key',
    title: 'a key is no longer rotated',
    titulo: 'uma chave não é mais rotacionada',
    seenAt: /^EnableKeyRotation$/,
    foundBy: 'the rotation status of the key',
    remedy: 'switch rotation on again',
    approval: 'none',
    proof: 'the key reads as rotated',
    exposure: 'erosion',
    section: 'Healthcare Data Protection / Encryption Standards',
    training: 'keys-of-copies',
    requirements: ['ENC-04'],
  },
} as const satisfies Readonly<Record<string, FindingKind>>

export type FindingCode = keyof typeof FINDING_KINDS

export const isFindingCode = (text: string): text is FindingCode => Object.hasOwn(FINDING_KINDS, text)

/** Every code of the register, in its order. */
export const FINDING_CODES: readonly FindingCode[] = Object.keys(FINDING_KINDS).filter(isFindingCode)

export const kindOf = (code: FindingCode): FindingKind => FINDING_KINDS[code]

const EXPOSURE_ORDER = Object.keys(EXPOSURES)

/** From the most exposing to the least; among equals as the register has them. */
export const byExposure = (a: FindingCode, b: FindingCode): number =>
  rank(a) - rank(b) || FINDING_CODES.indexOf(a) - FINDING_CODES.indexOf(b)

const rank = (code: FindingCode): number => EXPOSURE_ORDER.indexOf(kindOf(code).exposure)
