import { createInterface } from 'node:readline/promises'

/** Whether somebody is there to be asked. */
export const isAttended = (): boolean => process.stdin.isTTY && process.stdout.isTTY

/** Asks a person to type a word, and says whether that was typed. */
export async function confirmed(word: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await asking.question(`Type '${word}' to carry it out: `)).trim() === word
  } finally {
    asking.close()
  }
}
