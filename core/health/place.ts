import type { InstanceRef } from '../ports/database'

/** What a look at a platform has to know of where it stands, beyond the policy. */
export interface HealthPlace {
  readonly region: string
  /** Served name of the database. */
  readonly databaseName: string
  /** What every endpoint of a database ends with, behind the instance and the region. */
  readonly endpointDomain: string
  /** Instances that the name may lead to. */
  readonly instances: readonly InstanceRef[]
  /** The one of this region that serves, or would. */
  readonly own: InstanceRef
  /** Served names that are no database's, each with the hosts it may lead to. */
  readonly hosts: Readonly<Record<string, readonly string[]>>
  /** Whose certificate is looked at, by the name that it has to be for. */
  readonly certificates: readonly string[]
  /** Physical names of the functions and queues of the region. @default none: nothing there is made of functions */
  readonly functions: readonly string[]
  readonly queues: readonly string[]
  /** Whether daily checks look at backups there. */
  readonly backups: boolean
  /** What the names of our alarms begin with. @default none: nothing rings there */
  readonly alarmPrefix?: string
}
