import { EXPOSURES, FINDING_CODES, isFindingCode, kindOf, TRAINING_TOPICS } from './finding-kinds'
import type { ProcedureRevision } from './procedure-revisions'

/** The part of the procedure that says what is done about each violation, with every revision that one has caused, in Markdown. */
export function revisedProcedure(version: string, revisions: readonly ProcedureRevision[]): string {
  return [
    '# Compliance remediation',
    `Procedure, version ${version}, revision ${revisions.length}.`,
    '## What is found, and what is done about it',
    table(
      [
        'Finding',
        'What is wrong',
        'O que está errado',
        'Found by',
        'Remedy',
        'Asks',
        'Proven by',
        'Opens',
        'Requirements',
      ],
      FINDING_CODES.map((code) => {
        const kind = kindOf(code)
        const { title, titulo, foundBy, remedy, approval, proof, exposure, requirements } = kind
        const asks = approval === 'none' ? 'nobody beside the run itself' : 'a second person'
        return [
          `\`${code}\``,
          title,
          titulo,
          foundBy,
          remedy,
          asks,
          proof,
          EXPOSURES[exposure],
          requirements.join(', '),
        ]
      }),
    ),
    '## Who has to know',
    table(
      ['Topic', 'What has to be known', 'By'],
      Object.entries(TRAINING_TOPICS).map(([topic, { title, roles }]) => [`\`${topic}\``, title, roles.join(', ')]),
    ),
    '## Revisions',
    revisions.length === 0
      ? 'None: no violation has been remedied under this version.'
      : table(
          ['Revision', 'Section', 'Because of', 'Run', 'At'],
          revisions.map(({ number, section, findings, run, at }) => [
            String(number),
            section,
            findings.map((code) => (isFindingCode(code) ? `${code}: ${kindOf(code).title}` : code)).join('; '),
            `\`${run}\``,
            at,
          ]),
        ),
    '',
  ].join('\n\n')
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
