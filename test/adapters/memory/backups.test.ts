import { MemoryBackups } from '../../../adapters/memory/backups'
import { describeBackupStore } from '../../contracts/backup-store'

describeBackupStore('memory', () => new MemoryBackups())
