import { z } from 'zod'
import { canonicalJson } from '../evidence/canonical-json'
import { screenWords } from '../evidence/screen'
import { PortError } from '../ports/errors'

/** One sentence: what needs more is a document of its own, and is referred to. */
const sentence = z.string().trim().min(3).max(200)

/** What was learned from one drill. */
const lessonsSchema = z
  .strictObject({
    /** What the template says of itself. */
    help: z.unknown().optional(),
    drill: z.string().regex(/^[\w-]{1,80}$/),
    wentWell: z.array(sentence).min(1),
    didNotGoWell: z.array(sentence),
    actions: z.array(z.strictObject({ action: sentence, owner: z.string().min(1), dueOn: z.iso.date() })),
  })
  .refine(({ didNotGoWell, actions }) => didNotGoWell.length === 0 || actions.length > 0, {
    path: ['actions'],
    message: 'what did not go well needs an action, with its owner and its day',
  })
  .transform(({ drill, wentWell, didNotGoWell, actions }) => ({ drill, wentWell, didNotGoWell, actions }))
export type Lessons = z.infer<typeof lessonsSchema>

/** How the record is filled in, for whoever opens the file. */
const HELP = {
  en: [
    'Fill in every empty text, take out what is not needed, then run: recovery drill close <drill> --lessons <this file>',
    'One sentence each, of 200 characters at most. No names of people, no data of patients: roles, ids and codes.',
    'owner is a role of the contact list; dueOn is a day such as 2026-12-31.',
  ],
  'pt-BR': [
    'Preencha todos os textos vazios, retire o que não for necessário e execute: recovery drill close <drill> --lessons <este arquivo>',
    'Uma frase por item, com no máximo 200 caracteres. Sem nomes de pessoas nem dados de pacientes: papéis, identificadores e códigos.',
    'wentWell: o que correu bem. didNotGoWell: o que não correu bem. actions: ações, com responsável (owner) e prazo (dueOn, por exemplo 2026-12-31).',
  ],
} as const

/** The file that every drill leaves to be filled in. It cannot be taken for a filled one. */
export const lessonsTemplate = (drill: string, owners: readonly string[]): string =>
  `${JSON.stringify(
    {
      help: { ...HELP, owners },
      drill,
      wentWell: [''],
      didNotGoWell: [''],
      actions: [{ action: '', owner: '', dueOn: '' }],
    },
    undefined,
    2,
  )}\n`

/**
 * The lessons that a person wrote, screened for personal identifiers. Throws PortError('invalid') where they are not filled
 * in, are of another drill, or name an owner whom the contact list does not have.
 */
export function readLessons(text: string, drill: string, owners: readonly string[]): Lessons {
  const filled = lessonsSchema.safeParse(parsed(text))
  if (!filled.success) {
    const problems = filled.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    throw new PortError('invalid', 'LESSONS_NOT_FILLED', `the lessons are not filled in: ${problems.join('; ')}`)
  }
  const lessons = filled.data
  if (lessons.drill !== drill)
    throw new PortError('invalid', 'LESSONS_OF_ANOTHER', `the lessons are of '${lessons.drill}', not of '${drill}'`)
  const stranger = lessons.actions.find(({ owner }) => !owners.includes(owner))
  if (stranger)
    throw new PortError(
      'invalid',
      'OWNER_UNKNOWN',
      `no contact has the role of an owner; there are: ${owners.join(', ')}`,
    )
  screenWords(lessons, 'lessons')
  return lessons
}

/** The stored form: the same bytes for the same lessons. */
export const lessonsText = (lessons: Lessons): string => canonicalJson(lessons)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PortError('invalid', 'LESSONS_NOT_JSON', 'the lessons are no JSON; start from the template of the drill')
  }
}
