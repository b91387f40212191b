import { openOnce } from '../../calendar/once'
import { kindOf, TRAINING_TOPICS, type TrainingTopic } from '../../compliance/finding-kinds'
import type { StepContext } from '../model'
import { usual, type RemediationInput, type RemediationStep } from './input'
import { planned } from './plan'

/**
 * Asks each role that has to know to acknowledge it. The run does not wait: an acknowledgement takes people days, and is a
 * task of the calendar until its role attests it, overdue like any other.
 */
export const train: RemediationStep = {
  ...usual,
  id: 'train',
  title: 'Ask for the acknowledgement of the training',
  byHand:
    'Tell each role of the topic what happened and what it has to know, and have it acknowledge that by the day that the policy gives.',
  privilege: 'report',
  begin: async (context) => {
    const { ports, input, runId, run } = context
    const dueAt = new Date(Date.parse(run.startedAt) + input.trainingDays * 86_400_000)
    const wanted = acknowledgements(context)
    for (const { topic, role } of wanted)
      await openOnce(ports.coordination.recovery, {
        activity: trainingActivity(topic, role, runId),
        owner: role,
        dueAt,
      })
    return {
      kind: 'done',
      output: { due: dueAt.toISOString(), acknowledgements: wanted.map(({ topic, role }) => `${topic}: ${role}`) },
    }
  },
  preview: async (context) => ({ wouldAsk: acknowledgements(context).map(({ topic, role }) => `${topic}: ${role}`) }),
  undo: { none: 'what people have to know stays true' },
}

function acknowledgements(context: StepContext<RemediationInput>) {
  const topics = new Set<TrainingTopic>(planned(context).map(({ code }) => kindOf(code).training))
  return [...topics].flatMap((topic) => TRAINING_TOPICS[topic].roles.map((role) => ({ topic, role })))
}

/** The activity that one role acknowledges with. */
export const trainingActivity = (topic: string, role: string, runId: string): string =>
  `training-${topic}-${role.toLowerCase().replaceAll(' ', '-')}-${runId}`
