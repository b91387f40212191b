import type { Configuration, Setting } from '../../core/ports/configuration'

/** The configuration of one region, and a way to rotate a secret as somebody else would. */
export interface ConfigurationStage {
  readonly configuration: Configuration
  rotate(secret: string, versionId: string): Promise<void>
}

/** What every configuration must do. Names stand below `/neonpro/configuration`, secrets are called `application`. */
export function describeConfiguration(
  name: string,
  factory: () => Promise<ConfigurationStage> | ConfigurationStage,
): void {
  describe(`configuration: ${name}`, () => {
    let stage: ConfigurationStage
    let configuration: Configuration
    beforeEach(async () => {
      stage = await factory()
      configuration = stage.configuration
    })

    const HOST = '/neonpro/configuration/mail/host'
    const PASSWORD = '/neonpro/configuration/mail/password'
    const all = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
      const items: T[] = []
      for await (const item of stream) items.push(item)
      return items
    }
    const values = (settings: Setting[]) => settings.map((s) => [s.name, s.kind, s.value, s.version])

    it('is empty before anything is put', async () => {
      expect(await all(configuration.settings())).toEqual([])
      expect(await all(configuration.history(HOST))).toEqual([])
      expect(await all(configuration.secrets())).toEqual([])
    })

    it('has what was put in force, in name order, sealed values in clear for whoever may read them', async () => {
      await configuration.put({ name: PASSWORD, kind: 'sealed', value: 'olá "é"' })
      await configuration.put({ name: HOST, kind: 'plain', value: 'mail.example.org' })
      await configuration.put({ name: '/neonpro/configuration/mail', kind: 'list', value: 'a,b' })
      expect(values(await all(configuration.settings()))).toEqual([
        ['/neonpro/configuration/mail', 'list', 'a,b', 1],
        [HOST, 'plain', 'mail.example.org', 1],
        [PASSWORD, 'sealed', 'olá "é"', 1],
      ])
    })

    it('keeps every version, oldest first, and has the last one in force', async () => {
      for (const value of ['one', 'two', 'three']) await configuration.put({ name: HOST, kind: 'plain', value })
      const history = await all(configuration.history(HOST))
      expect(history.map(({ value, version }) => [value, version])).toEqual([
        ['one', 1],
        ['two', 2],
        ['three', 3],
      ])
      for (const { modifiedAt } of history) expect(new Date(modifiedAt).toISOString()).toBe(modifiedAt)
      expect((await all(configuration.settings())).map(({ value }) => value)).toEqual(['three'])
    })

    it('takes a setting out of force, leaves its neighbours, and is content when there is none', async () => {
      await configuration.put({ name: HOST, kind: 'plain', value: 'x' })
      await configuration.put({ name: PASSWORD, kind: 'sealed', value: 'y' })
      await configuration.remove(HOST)
      await configuration.remove(HOST)
      expect((await all(configuration.settings())).map((s) => s.name)).toEqual([PASSWORD])
      expect(await all(configuration.history(HOST))).toEqual([])
    })

    it('counts a setting that is made anew from 1 again', async () => {
      await configuration.put({ name: HOST, kind: 'plain', value: 'x' })
      await configuration.put({ name: HOST, kind: 'plain', value: 'y' })
      await configuration.remove(HOST)
      await configuration.put({ name: HOST, kind: 'plain', value: 'z' })
      expect((await all(configuration.history(HOST))).map(({ value, version }) => [value, version])).toEqual([['z', 1]])
    })

    it('reads more settings and versions than fit on one page', async () => {
      for (let i = 0; i < 23; i++) {
        await configuration.put({ name: `/neonpro/configuration/many/s${i}`, kind: 'plain', value: String(i) })
        await configuration.put({ name: HOST, kind: 'plain', value: String(i) })
      }
      expect(await all(configuration.settings())).toHaveLength(24)
      expect(await all(configuration.history(HOST))).toHaveLength(23)
    })

    it('names the version of a secret that is in force', async () => {
      await stage.rotate('application', 'version-1')
      await stage.rotate('application', 'version-2')
      expect(await all(configuration.secrets())).toEqual([{ name: 'application', versionId: 'version-2' }])
    })
  })
}
