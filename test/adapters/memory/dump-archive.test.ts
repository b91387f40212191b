import { MemoryDumpArchive } from '../../../adapters/memory/dump-archive'
import { describeDumpArchive } from '../../contracts/dump-archive'

describeDumpArchive('memory', () => new MemoryDumpArchive())
