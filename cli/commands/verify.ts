import { Command, Option } from 'commander'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { asProof } from '../backup-proof'
import { verifyBackup, type BackupOptions } from './verify-backup'
import { verifyTarget, type TargetOptions } from './verify-target'

type Options = Omit<TargetOptions, 'target' | 'environment'> &
  Partial<Pick<TargetOptions, 'target' | 'environment'>> &
  BackupOptions

/** `recovery verify`: one backup, by restoring it; or with `--target` everything that a recovery would rest on. */
export function verifyCommand(): Command {
  return asProof(new Command('verify'), 'optional')
    .argument('[backup]', 'place and name of a backup, as recovery backup prints it')
    .description(
      'prove a backup: restore it into a database that is thrown away, and compare content and catalog; or, with --target, look at every backup and what else a recovery rests on, in all regions',
    )
    .option(
      '--on <url>',
      'a database of the server to restore on (default: a server of this machine, started for this)',
    )
    .addOption(
      new Option('--target <where>', 'all that a drill left on this machine, or that the regions in AWS hold').choices([
        'local',
        'aws',
      ]),
    )
    .addOption(
      new Option(
        '--environment <name>',
        'target: whose backups (default: test in AWS; locally production, whose policy is what drills rehearse)',
      ).choices([...ENVIRONMENTS]),
    )
    .option('--preset <file>', 'target: JSON file that chooses another recovery region')
    .option('--folder <dir>', 'local target: where drills leave what they made', '.recovery')
    .action(async (backup: string | undefined, options: Options) => {
      const { target, key, environment = target === 'local' ? 'production' : 'test' } = options
      if ((backup === undefined) === (target === undefined))
        throw new UserError(
          'VERIFY_UNCLEAR',
          backup === undefined ? 'nothing is named that is to be verified' : 'a backup and a target are both named',
          'name either a backup, with the --key that it is sealed for, or a --target',
        )
      if (target !== undefined) return verifyTarget({ ...options, target, environment })
      if (key.length === 0)
        throw new UserError('KEY_MISSING', 'no key is named', 'name the file of the key, or its ARN, with --key')
      return verifyBackup(backup!, options)
    })
}
