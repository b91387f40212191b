import { z } from 'zod'
import type { Json } from '../json'
import type { Policy } from '../policy'
import { hasKeys } from '../policy/at-path'
import { valuesAt } from './values-at'

/** An optional or costly feature, how it is turned off, and what is then no longer protected. */
export interface Switch {
  readonly feature: string
  /** Field of the policy; `*` stands for each entry. */
  readonly path: string
  /** What to write there. `reason` is a sentence of whoever does it. */
  readonly off: Json
  /** The protection that is gone, in the words of the procedure. */
  readonly lost: string
}

export interface SwitchState extends Switch {
  /** In how many of its places the feature is on. */
  readonly on: number
  readonly places: number
}

/** The placeholder of a reason: nobody gives up protection without saying why. */
const NONE = { mode: 'none', reason: '<why>' }
const EXISTING = { mode: 'existing', reason: '<why>' }

/** Every feature that the policy can do without. What has no row here cannot be turned off. */
export const SWITCHES: readonly Switch[] = [
  {
    feature: 'standby in a second zone',
    path: 'database.multiAz',
    off: false,
    lost: 'the loss of a zone is an outage for as long as a restore takes, and a loss of the last minutes',
  },
  {
    feature: 'replica in the recovery region',
    path: 'mechanisms.replica',
    off: NONE,
    lost: 'the loss of the region costs everything since the last copied backup; patient data no longer within 5 minutes',
  },
  {
    feature: 'replica that stays behind',
    path: 'mechanisms.delayedReplica',
    off: NONE,
    lost: 'after a human error there is only point-in-time recovery, which takes a restore of the whole database',
  },
  {
    feature: 'history in the recovery region',
    path: 'mechanisms.crossRegionPointInTime',
    off: NONE,
    lost: 'after the loss of the region no moment before it can be restored, only daily copies',
  },
  {
    feature: 'copies of backups in the recovery region',
    path: 'backup.geoRedundancy',
    off: { mode: 'single-region', reason: '<why>' },
    lost: 'the loss of the region takes every backup with it',
  },
  {
    feature: 'copies of backups in a second account',
    path: 'backup.secondAccount',
    off: NONE,
    lost: 'whoever takes over the account can reach every backup',
  },
  {
    feature: 'weekly and monthly backups',
    path: 'backup.longTermTiers',
    off: [],
    lost: 'an error that is noticed after 90 days cannot be looked up',
  },
  {
    feature: 'lock of a vault',
    path: 'backup.vaults.*.lock',
    off: NONE,
    lost: 'a recovery point can be deleted before its time by whoever may delete in the vault',
  },
  {
    feature: 'restore tests',
    path: 'restoreTesting',
    off: NONE,
    lost: 'nobody knows whether a backup can be restored until it has to be: the weekly test of the procedure',
  },
  {
    feature: 'archive of a class of data',
    path: 'archive.classes.*',
    off: NONE,
    lost: 'the years of retention of the class are kept by nothing but the live database and 400 days of backups',
  },
  {
    feature: 'archive of a store',
    path: 'stores.*.archive',
    off: NONE,
    lost: 'what is deleted from the store is gone with its last backup',
  },
  {
    feature: 'copies of assets back from the recovery region',
    path: 'assets.replication',
    off: 'to-recovery',
    lost: 'what is published while the recovery region serves is not brought home by itself',
  },
  {
    feature: 'copies of archives back from the recovery region',
    path: 'archive.replication',
    off: 'to-recovery',
    lost: 'what is archived while the recovery region serves is not brought home by itself',
  },
  {
    feature: 'dump of the archived tables',
    path: 'archive.dump',
    off: NONE,
    lost: 'what is older than the backups can be read from its export, but not be restored to the very rows',
  },
  {
    feature: 'role by which CI pushes copies of the code',
    path: 'code.publisher',
    off: NONE,
    lost: 'copies of the code are pushed only where somebody gives a role of CI the policies for it',
  },
  {
    feature: 'copies of secrets',
    path: 'configuration.secrets',
    off: [],
    lost: 'the application cannot be started in the recovery region with the secrets in force',
  },
  {
    feature: 'check of the API behind its name',
    path: 'dns.apiCheck',
    off: NONE,
    lost: 'the name of the API moves only with the switch, not when its platform fails',
  },
  {
    feature: 'names inside the network',
    path: 'dns.privateZone',
    off: NONE,
    lost: 'clients in the network resolve the database through public names',
  },
  {
    feature: 'application tier brought up by the failover',
    path: 'applicationTier',
    off: NONE,
    lost: 'people start the application in the recovery region, within the hour for critical services',
  },
  {
    feature: 'file transfer for partners',
    path: 'fileTransfer',
    off: NONE,
    lost: 'partners have no way of their own to send files over SFTP',
  },
  {
    feature: 'trail of calls',
    path: 'governance.trail',
    off: EXISTING,
    lost: 'who did what is known only from a trail that another template keeps',
  },
  {
    feature: 'record of writes to what proves and restores',
    path: 'governance.trail.dataEvents',
    off: [],
    lost: 'who wrote into evidence, configuration and code is not recorded',
  },
  {
    feature: 'record of resources and judgement of their settings',
    path: 'governance.recorder',
    off: EXISTING,
    lost: 'the rules judge only what a recorder of another template records',
  },
  {
    feature: 'search for threats',
    path: 'governance.detector',
    off: EXISTING,
    lost: 'a security incident is noticed only by a detector that another template keeps',
  },
  {
    feature: 'parts of the search for threats',
    path: 'governance.detector.features',
    off: [],
    lost: 'unusual reads of buckets, logins of databases and traffic of functions are not searched',
  },
  {
    feature: 'audit of backups',
    path: 'governance.backupAudit',
    off: NONE,
    lost: 'nobody is told of a resource without a plan or a retention that is too short, except by the alarms of jobs',
  },
  {
    feature: 'last resort for people',
    path: 'people.breakGlass',
    off: NONE,
    lost: 'nobody acts while every place with identities is out of reach, and no recovery point can be ended by order of a court',
  },
  {
    feature: 'password policy of the account',
    path: 'people.passwordPolicy',
    off: EXISTING,
    lost: 'whether passwords have twelve mixed characters is the word of whoever runs the account',
  },
]

/** Each switch as it stands in a policy. A path that the mode of something else has taken away has no places. */
export function switchStates(policy: Policy): SwitchState[] {
  const plain = z.json().parse(policy)
  return SWITCHES.map((feature) => {
    const found = valuesAt(plain, feature.path)
    const on = found.filter(({ value }) => !isOff(feature.off, value)).length
    return { ...feature, on, places: found.length }
  })
}

/** Of an object the mode decides; its reason is everybody's own. */
function isOff(off: Json, value: Json): boolean {
  if (hasKeys(off) && 'mode' in off) return hasKeys(value) && value['mode'] === off['mode']
  return JSON.stringify(off) === JSON.stringify(value)
}
