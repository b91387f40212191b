import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Json } from '../../../core/json'
import type { Obstacle, SetAside } from '../../../core/ports/deployments'
import { PortError } from '../../../core/ports/errors'
import { CALL_MS } from '../client-settings'
import { callFunction } from '../lambda-call'
import { unlessItFails, type Of, type PlaceOf } from './kind'

/** A level is an id of the platform's own, such as that of its last migration. It is written down in docs/runbooks/releases.md. */
const level = z.string().check(z.regex(/^[\w.-]{1,80}$/))
const levelAnswer = z.object({ level: z.nullable(level), serves: z.boolean() })
const obstacleAnswer = z.object({
  obstacle: z.nullable(z.object({ code: z.enum(['VERSION_GONE', 'IRREVERSIBLE']), what: level })),
})
/** Names of tables and lists, and counts: never a row. */
const asideAnswer = z.object({
  aside: z.array(
    z.object({
      table: level,
      rows: z.int(),
      how: z.enum(['kept', 'listed']),
      where: z.string().check(z.regex(/^[\w./-]{1,200}$/)),
    }),
  ),
})
const toAnswer = z.object({ accepted: z.boolean() })

/** The schema, as the platform's own function knows and moves it: its migrations are code of the platform. */
export class PlatformMigrations implements PlaceOf<'migrations'> {
  constructor(private readonly lambda: LambdaClient) {}

  async inForce(component: Of<'migrations'>): Promise<string | undefined> {
    return (await this.ask(component, { operation: 'level' }, levelAnswer)).level ?? undefined
  }

  async obstacle(component: Of<'migrations'>, to: string): Promise<Obstacle | undefined> {
    const { obstacle } = await this.ask(component, { operation: 'obstacle', level: to }, obstacleAnswer)
    return obstacle ? { code: obstacle.code, what: `${component.name} ${obstacle.what}` } : undefined
  }

  async put(component: Of<'migrations'>, to: string, { key }: { readonly key: string }): Promise<void> {
    const { accepted } = await this.ask(component, { operation: 'to', level: to, key }, toAnswer)
    if (!accepted)
      throw new PortError('conflict', 'MIGRATION_REFUSED', `'${component.function}' does not move to ${to} now`)
  }

  serves(component: Of<'migrations'>): Promise<boolean> {
    return unlessItFails(async () => (await this.ask(component, { operation: 'level' }, levelAnswer)).serves)
  }

  async setAside(component: Of<'migrations'>, { key }: { readonly key: string }): Promise<readonly SetAside[]> {
    return (await this.ask(component, { operation: 'aside', key }, asideAnswer)).aside
  }

  private async ask<T>({ function: name }: Of<'migrations'>, call: Json, form: z.ZodMiniType<T>): Promise<T> {
    const parsed = z.safeParse(form, await callFunction(this.lambda, name, call, CALL_MS))
    if (parsed.success) return parsed.data
    throw new PortError(
      'invalid',
      'MIGRATIONS_ANSWER',
      `'${name}' answers in another form than docs/runbooks/releases.md`,
    )
  }
}
