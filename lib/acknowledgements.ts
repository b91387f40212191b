import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** One finding that stays, with a reason that somebody answers for until a date. */
export interface Acknowledgement {
  /** Rule as reported, with its finding in brackets where it has one. */
  readonly rules: readonly string[]
  /** Which constructs, by path below the stage. */
  readonly where: RegExp
  readonly reason: string
  readonly owner: string
  /** Calendar date. Afterwards synth warns and the posture check in CI fails. */
  readonly expires: string
}

export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = []

/** Applies the register to a tree. */
export function acknowledgeFindings(root: IConstruct, register = ACKNOWLEDGEMENTS): void {
  for (const construct of root.node.findAll()) {
    const path = construct.node.path
    for (const { rules, where, reason } of register)
      if (where.test(path)) Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason })))
  }
}

/** Acknowledgements whose date has passed on the given day. */
export const expiredOn = (day: string, register = ACKNOWLEDGEMENTS): readonly Acknowledgement[] =>
  register.filter(({ expires }) => expires < day)
