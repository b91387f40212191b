import { decideThatLost } from '../steps/decide'

export const decide = decideThatLost({
  title: 'Decide that the primary region is lost',
  byHand:
    'Look at the health checkers and at the replica: is its receiver stalled? If only one of them says down, a second person decides.',
  observer: ({ successor }) => successor,
  question: ({ writer, successor }) => `Fail over from ${writer.region} to ${successor.region}?`,
  doubt: ({ writer }) => `${writer.region} is down. Fail over?`,
})
