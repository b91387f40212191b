import type { Notice, Notifier } from '../../core/ports/notifier'

export interface NotifierStage {
  readonly notifier: Notifier
  told(level: number): readonly string[] | Promise<readonly string[]>
}

/** What every notifier must do. `told` is what has really arrived at a level, as subject and text. */
export function describeNotifier(
  name: string,
  factory: (levels: readonly number[]) => NotifierStage | Promise<NotifierStage>,
): void {
  const notice: Notice = { subject: '[critical] data-center-outage, level 1', lines: ['Incident: i-1', 'Since: now'] }

  describe(`notifier: ${name}`, () => {
    it('tells the level it was asked to tell, and no other', async () => {
      const { notifier, told } = await factory([1, 2])
      await notifier.notify(2, notice)
      expect(await told(1)).toEqual([])
      expect(await told(2)).toEqual(['[critical] data-center-outage, level 1\nIncident: i-1\nSince: now'])
    })

    it('tells again when asked again', async () => {
      const { notifier, told } = await factory([1])
      await notifier.notify(1, notice)
      await notifier.notify(1, { ...notice, lines: ['again'] })
      expect(await told(1)).toHaveLength(2)
    })

    it('refuses a level that nobody stands behind', async () => {
      const { notifier } = await factory([1])
      await expect(notifier.notify(4, notice)).rejects.toMatchObject({ failure: 'invalid', code: 'LEVEL_UNKNOWN' })
    })
  })
}
