import { join } from 'node:path'

/** Where a platform keeps what it was given of its releases, and what of it is in force. */
export const platformFolder = (folder: string) => ({
  /** Versions of a program, its pointers beside them. */
  programOf: (component: string) => ({
    versions: join(folder, 'programs', component, 'versions'),
    wanted: join(folder, 'programs', component, 'wanted.json'),
    live: join(folder, 'programs', component, 'live.json'),
  }),
  /** Versions of files that are served, or deployed, as a whole. */
  filesOf: (component: string) => ({
    versions: join(folder, 'files', component, 'versions'),
    current: join(folder, 'files', component, 'current.json'),
  }),
  /** One folder a migration, `<level>-<name>`, with `up.sql`, and `down.sql` where there is a way back. */
  migrations: join(folder, 'migrations'),
  settings: {
    inForce: join(folder, 'settings', 'in-force'),
    /** Envelopes of a region, under its own key. */
    copyOf: (region: string) => ({
      store: join(folder, 'settings', 'copies', region),
      keyFile: join(folder, 'settings', 'keys', region),
    }),
    fingerprintKey: join(folder, 'settings', 'keys', 'fingerprint'),
    moved: join(folder, 'settings', 'moved.json'),
  },
})

export type PlatformFolder = ReturnType<typeof platformFolder>

/** Name of the module in the folder of a program's version. */
export const MODULE = 'release.mjs'
/** Name of the file that says what a version of files holds. */
export const MANIFEST = 'manifest.json'
