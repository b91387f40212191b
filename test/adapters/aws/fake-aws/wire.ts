/** One request as a service of the fake sees it. */
export interface Call {
  readonly service: string
  readonly region: string
  /** As IAM names it, such as `dynamodb:GetItem`. */
  readonly action: string
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** The same as it came, for what is no text. */
  readonly bytes: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** One service: what a call is named, what it does, and how it says that something is wrong. */
export interface Service {
  action(call: Omit<Call, 'action'>): string
  answer(call: Call): Answer | Promise<Answer>
  error(code: string, status?: number): Answer
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(value),
})

export const xml = (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/xml', ...headers },
  body,
})
