import { DownloadDBLogFilePortionCommand, paginateDescribeDBLogFiles, type RDSClient } from '@aws-sdk/client-rds'
import type { InstanceRef } from '../../core/ports/database'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** Names of the files of an instance's log that RDS still has: those of the last days. */
export const logFilesOf = (rds: RDSClient, { instance }: InstanceRef): Promise<string[]> =>
  asking(`listing the logs of '${instance}'`, async () => {
    const names: string[] = []
    const pages = paginateDescribeDBLogFiles({ client: rds }, { DBInstanceIdentifier: instance }, within(CALL_MS))
    for await (const { DescribeDBLogFiles = [] } of pages)
      for (const { LogFileName } of DescribeDBLogFiles) if (LogFileName) names.push(LogFileName)
    return names.toSorted()
  })

/** Marker of the beginning of a file; without one RDS gives its last lines alone (API reference, DownloadDBLogFilePortion). */
const FROM_THE_BEGINNING = '0'

/** The whole of a file; undefined where RDS has it no more. */
export async function readLogFile(
  rds: RDSClient,
  { instance }: InstanceRef,
  name: string,
): Promise<Uint8Array | undefined> {
  const portions: Buffer[] = []
  for (let marker: string | undefined = FROM_THE_BEGINNING; marker !== undefined;) {
    const command: DownloadDBLogFilePortionCommand = new DownloadDBLogFilePortionCommand({
      DBInstanceIdentifier: instance,
      LogFileName: name,
      Marker: marker,
    })
    try {
      const { LogFileData, AdditionalDataPending, Marker } = await asking(`reading a log of '${instance}'`, () =>
        rds.send(command, within(CALL_MS)),
      )
      portions.push(Buffer.from(LogFileData ?? '', 'utf8'))
      marker = AdditionalDataPending ? Marker : undefined
    } catch (error) {
      if (isException(error, 'DBLogFileNotFound')) return undefined
      throw error
    }
  }
  return Buffer.concat(portions)
}
