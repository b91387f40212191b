import type { Audience, Notice, Notifier } from '../../core/ports/notifier'

export interface NotifierStage {
  readonly notifier: Notifier
  told(audience: Audience): readonly string[] | Promise<readonly string[]>
}

/** What every notifier must do. `told` is what has really arrived at an audience, as subject and text. */
export function describeNotifier(
  name: string,
  factory: (audiences: readonly Audience[]) => NotifierStage | Promise<NotifierStage>,
): void {
  const notice: Notice = { subject: '[critical] data-center-outage, level 1', lines: ['Incident: i-1', 'Since: now'] }

  describe(`notifier: ${name}`, () => {
    it('tells the audience it was asked to tell, and no other', async () => {
      const { notifier, told } = await factory(['level-1', 'owner-devops-lead'])
      await notifier.notify('owner-devops-lead', notice)
      expect(await told('level-1')).toEqual([])
      expect(await told('owner-devops-lead')).toEqual([
        '[critical] data-center-outage, level 1\nIncident: i-1\nSince: now',
      ])
    })

    it('tells again when asked again', async () => {
      const { notifier, told } = await factory(['level-1'])
      await notifier.notify('level-1', notice)
      await notifier.notify('level-1', { ...notice, lines: ['again'] })
      expect(await told('level-1')).toHaveLength(2)
    })

    it('refuses an audience that nobody stands behind', async () => {
      const { notifier } = await factory(['level-1'])
      await expect(notifier.notify('level-4', notice)).rejects.toMatchObject({
        failure: 'invalid',
        code: 'AUDIENCE_UNKNOWN',
      })
    })
  })
}
