import type { BaseInput, RunState } from '../core/runbook/model'
import type { Arena } from './arena'
import type { Facts } from './facts'
import type { Lookout } from './lookout'

/** What one runbook is looked at for besides what holds for all of them. */
export interface Watch {
  /** At every moment in which something may have changed. */
  look(): Promise<void> | void
  /** What it comes to once every fault is over. */
  facts(run: RunState | undefined): Promise<Pick<Facts, 'intrusion' | 'testCopy' | 'account' | 'release'>>
}

/** Begins to watch in an arena that has been prepared for a run with this input. */
export type Watcher<Input extends BaseInput = BaseInput> = (arena: Arena, lookout: Lookout, input: Input) => Watch
