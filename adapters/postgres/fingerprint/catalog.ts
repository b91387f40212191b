import type { Client } from 'pg'
import type { CatalogFingerprint, CatalogObject } from '../../../core/integrity/fingerprint'
import { CATALOG_QUERIES } from './catalog-queries'

/**
 * Every object of the catalog under its name, with a hash of its definition. By names and definitions alone, never by OIDs,
 * column numbers or order, so that a copy that was restored from a dump has the same. The role of the session sees the
 * definitions of everything; what it may not read is left out by the query itself, on both sides alike.
 */
export async function fingerprintCatalog(client: Client): Promise<CatalogFingerprint> {
  const found: Record<string, CatalogObject[]> = {}
  for (const [kind, query] of Object.entries(CATALOG_QUERIES)) {
    const { rows } = await client.query<CatalogObject>(
      `select object, left(encode(sha256(convert_to(string_agg(definition, E'\\n' order by definition collate "C"), 'UTF8')), 'hex'), 16) as hash
       from (${query}) described (object, definition) group by object order by object collate "C"`,
    )
    found[kind] = rows
  }
  return found
}
