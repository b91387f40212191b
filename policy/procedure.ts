import type { Policy } from '../core/policy'

type Procedure = Pick<
  Policy,
  | 'objectives'
  | 'rollbacks'
  | 'scenarios'
  | 'testScenarios'
  | 'dataClasses'
  | 'encryption'
  | 'access'
  | 'compliance'
  | 'kpis'
>

/** What the written procedure promises, version 1.0 of 2025-09-22. */
export const procedure: Procedure = {
  objectives: {
    rpo: { criticalMinutes: 15, patientMinutes: 5, configurationMinutes: 1, staticAssetsMinutes: 24 * 60 },
    rto: {
      criticalServicesMinutes: 60,
      fullSystemMinutes: 240,
      dataRecoveryMinutes: 120,
      complianceValidationMinutes: 30,
    },
  },
  rollbacks: {
    full: {
      description: 'the complete deployment',
      useCases: ['critical bugs', 'data corruption'],
      downtimeMinutes: { expected: 5, atMost: 15 },
    },
    partial: {
      description: 'one component',
      useCases: ['configuration issues', 'feature bugs'],
      downtimeMinutes: { expected: 2, atMost: 5 },
    },
    'config-only': {
      description: 'configuration alone',
      useCases: ['environment variables', 'settings'],
      downtimeMinutes: { expected: 1, atMost: 2 },
    },
  },
  scenarios: {
    'data-center-outage': {
      detection: ['automated monitoring alerts'],
      response: ['failover to the secondary region'],
      recovery: ['DNS redirection', 'database promotion'],
      validation: ['health checks', 'data consistency'],
    },
    'database-corruption': {
      detection: ['data integrity checks', 'error monitoring'],
      response: ['failover to the standby database'],
      recovery: ['point-in-time recovery from backups'],
      validation: ['data consistency', 'application functionality'],
    },
    'security-incident': {
      detection: ['security monitoring', 'anomaly detection'],
      response: ['isolation', 'investigation', 'containment'],
      recovery: ['system cleanup', 'security hardening'],
      validation: ['security scans', 'compliance validation'],
    },
    'deployment-failure': {
      detection: ['health check failures', 'error monitoring'],
      response: ['emergency rollback'],
      recovery: ['previous deployment'],
      validation: ['health checks', 'compliance validation'],
    },
  },
  testScenarios: {
    'database-failure': [
      'simulate a database outage',
      'fail over to the standby',
      'verify data consistency',
      'measure recovery time',
      'document lessons learned',
    ],
    'security-incident': [
      'simulate a security breach',
      'execute the incident response',
      'contain and investigate',
      'recover and harden',
      'validate compliance',
    ],
    'regional-outage': [
      'simulate a regional failure',
      'execute the geo-failover',
      'validate service continuity',
      'test data consistency',
      'measure performance impact',
    ],
    'compliance-violation': [
      'identify the compliance gap',
      'implement corrective actions',
      'validate compliance restoration',
      'update procedures',
      'train staff',
    ],
  },
  dataClasses: {
    phi: { description: 'patient medical records, diagnoses', protection: 'maximum', retentionYears: 25 },
    pii: { description: 'patient contact information, demographics', protection: 'high', retentionYears: 10 },
    financial: { description: 'payment information, billing records', protection: 'high', retentionYears: 7 },
    operational: { description: 'system logs, configuration', protection: 'medium', retentionYears: 2 },
    public: { description: 'marketing materials, public content', protection: 'standard', retentionYears: 1 },
  },
  encryption: {
    atRest: {
      // RDS for PostgreSQL has no TDE; its storage encryption covers data, logs, backups, replicas and snapshots with AES-256.
      database: 'AES-256 storage encryption with a customer-managed key',
      files: 'AES-256, each file by itself',
      backups: 'AES-256 over the compressed backup',
      storage: 'AWS KMS with customer-managed keys',
    },
    inTransit: {
      api: 'TLS 1.3 with perfect forward secrecy',
      database: 'TLS 1.3 with certificate validation',
      email: 'PGP for sensitive messages',
      fileTransfer: 'SFTP with SSH keys',
    },
  },
  access: {
    authentication: {
      mfaRequired: true,
      passwordMinLength: 12,
      passwordMixedTypes: true,
      idleTimeoutMinutes: 30,
      lockoutAfterAttempts: 5,
    },
    authorization: { model: 'rbac', leastPrivilege: true, justInTimeForSensitive: true, reviewEvery: 'quarter' },
  },
  compliance: {
    lgpd: {
      requirements: [
        'processing consent',
        'data subject rights',
        'data protection officer',
        'breach notification',
        'retention policies',
        'international transfer safeguards',
      ],
      implementation: [
        'automated consent management',
        'data subject rights portal',
        'breach detection and notification',
        'regular compliance audits',
        'staff training',
      ],
    },
    anvisa: {
      // The procedure says "Class IIa", a class of the European MDR. Brazil's RDC 751/2022 knows I to IV; II is the nearest.
      requirements: [
        'software classification (Brazilian class II, to be confirmed)',
        'risk management (ISO 14971)',
        'quality management (ISO 13485)',
        'post-market surveillance',
        'labeling and instructions',
      ],
      implementation: [
        'automated risk assessment',
        'quality management documentation',
        'adverse event reporting',
        'post-market monitoring',
        'user documentation management',
      ],
    },
    cfm: {
      // The procedure says "Resolution 2266"; the telemedicine rule in force is Resolution CFM 2.314/2022.
      requirements: [
        'Resolution CFM 2.314/2022',
        'professional standards',
        'patient confidentiality',
        'electronic prescribing',
        'documentation standards',
      ],
      implementation: [
        'telemedicine platform validation',
        'professional verification',
        'audit log of all interactions',
        'electronic prescription validation',
        'automated documentation',
      ],
    },
  },
  kpis: {
    availability: {
      target: '99.9% uptime',
      measurement: 'continuous monitoring',
      alert: 'below 99.5% for 5 minutes',
      targetPercent: 99.9,
      alertBelowPercent: 99.5,
      alertAfterMinutes: 5,
    },
    recoveryTime: {
      target: 'under 1 hour for critical services',
      measurement: 'from detection to resolution',
      alert: 'over 2 hours',
      targetMinutes: 60,
      alertAboveMinutes: 120,
    },
    dataIntegrity: {
      target: '100% data consistency',
      measurement: 'daily checksum validation',
      alert: 'any data corruption',
      targetPercent: 100,
    },
    compliance: {
      target: '100% compliance adherence',
      measurement: 'automated compliance scans',
      alert: 'any compliance violation',
      targetPercent: 100,
    },
  },
}
