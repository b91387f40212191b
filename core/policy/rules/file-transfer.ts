import { rule, when, type Rules } from './rule'

const exchangedFilesAreAStore = rule(
  'what partners send is backed up and kept like everything of its class',
  ['fileTransfer', 'stores'],
  ({ fileTransfer, stores }) =>
    when(
      fileTransfer.mode === 'sftp' && !stores.some(({ id, kind }) => id === fileTransfer.store && kind === 'bucket'),
      'fileTransfer.store',
      `is '${fileTransfer.mode === 'sftp' ? fileTransfer.store : ''}', no bucket of the register`,
      'register the bucket under stores, with its tier, its class and its legal basis',
    ),
)

const exchangedFilesAreNoAssets = rule(
  'what partners send and what is published are kept, copied and backed up apart',
  ['fileTransfer', 'stores'],
  ({ fileTransfer, stores }) =>
    when(
      fileTransfer.mode === 'sftp' &&
        stores.some(({ id, tier }) => id === fileTransfer.store && tier === 'static-assets'),
      'fileTransfer.store',
      `is '${fileTransfer.mode === 'sftp' ? fileTransfer.store : ''}', which holds static assets`,
      'register a bucket of another tier for the files of partners',
    ),
)

/** What S3 promises for copies between regions, and the only value it knows. */
const COPIED_WITHIN_MINUTES = 15

const exchangedFilesAreCopiedInTime = rule(
  'files of partners are held to no stricter objective than S3 copies between regions',
  ['fileTransfer', 'stores', 'objectives.rpo'],
  ({ fileTransfer, stores, objectives: { rpo } }) => {
    const store = fileTransfer.mode === 'sftp' && stores.find(({ id }) => id === fileTransfer.store)
    const strict = store && store.tier === 'patient' && rpo.patientMinutes < COPIED_WITHIN_MINUTES
    return when(
      Boolean(strict),
      'fileTransfer.store',
      `is of the tier 'patient', which may lose ${rpo.patientMinutes} minutes; copies take up to ${COPIED_WITHIN_MINUTES}`,
      "register it as 'critical', and keep what must not be lost in the database",
    )
  },
)

const partnersAreUnique = rule('no partner ever sees the folder of another', ['fileTransfer'], ({ fileTransfer }) =>
  fileTransfer.mode === 'none'
    ? []
    : fileTransfer.partners.flatMap(({ name }, i) =>
        when(
          fileTransfer.partners.findIndex((other) => other.name === name) !== i,
          `fileTransfer.partners.${i}.name`,
          `'${name}' is used twice`,
          'give each partner a name of its own',
        ),
      ),
)

const keysAreNotShared = rule('a key names one partner', ['fileTransfer'], ({ fileTransfer }) => {
  if (fileTransfer.mode === 'none') return []
  const holders = fileTransfer.partners.flatMap(({ name, sshPublicKeys }) =>
    sshPublicKeys.map((key) => ({ name, key })),
  )
  return fileTransfer.partners.flatMap(({ name, sshPublicKeys }, i) =>
    sshPublicKeys.flatMap((key, j) =>
      when(
        holders.some((holder) => holder.key === key && holder.name !== name),
        `fileTransfer.partners.${i}.sshPublicKeys.${j}`,
        'is the key of another partner too',
        'ask each partner for a key of its own',
      ),
    ),
  )
})

export const fileTransferRules: Rules = {
  exchangedFilesAreAStore,
  exchangedFilesAreNoAssets,
  exchangedFilesAreCopiedInTime,
  partnersAreUnique,
  keysAreNotShared,
}
