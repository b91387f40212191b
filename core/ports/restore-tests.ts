import type { DataCheck, DataValidation, InstanceRef } from './database'

/** What became of a restore test. `code` is stable and safe to log. */
export interface RestoreVerdict {
  readonly status: 'successful' | 'failed'
  readonly code: string
}

/** A restore that ran as a test, and the copy that it made. */
export interface RestoreTest {
  readonly jobId: string
  /** The plan that started it; absent where a person did. */
  readonly plan?: string
  readonly state: 'running' | 'completed' | 'failed'
  readonly startedAt: string
  readonly completedAt?: string
  /** When the recovery point was taken. */
  readonly recoveryPointAt: string
  /** The database instance it made; absent until there is one. */
  readonly copy?: InstanceRef
  /** What was reported about it before. */
  readonly verdict?: RestoreVerdict
}

/** A test that has its verdict; its copy may be thrown away. */
export interface SettledTest {
  readonly jobId: string
  readonly plan: string
  readonly copy: InstanceRef
  /** When the copy was there. */
  readonly completedAt: string
}

/** Tests of restores, as the service that makes them keeps them. */
export interface RestoreTests {
  /** Undefined where there is no such job. */
  describe(jobId: string): Promise<RestoreTest | undefined>
  /** Settles a test; the copy may be thrown away from then on. A test is settled once. */
  report(jobId: string, verdict: RestoreVerdict): Promise<void>
  /** Plans whose tests were started since then and passed: a plan for each test. */
  passedSince(since: Date): Promise<readonly string[]>
  /** Tests that were started since then, made a copy and have a verdict, whatever it is. */
  settledSince(since: Date): Promise<readonly SettledTest[]>
}

/** What a restored copy says about itself. */
export interface Examination {
  readonly validation: DataValidation
  /** When the newest heartbeat in it was written; absent where it holds none. */
  readonly lastHeartbeatAt?: string
  /** What it was asked besides its data: who gets in, and how it answers. */
  readonly inspected: readonly DataCheck[]
}

/** Looks into a restored copy and changes nothing. Refuses, as PortError('denied'), what is no copy. */
export interface RestoredCopies {
  /** Whether it still exists, in whatever state. */
  isThere(copy: InstanceRef): Promise<boolean>
  /** `recoveryPointAt`: the moment that the copy is of. */
  examine(copy: InstanceRef, moment: { readonly recoveryPointAt: string }): Promise<Examination>
}
