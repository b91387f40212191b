/** Who reads a report. Each is written whole in both, since neither reader is a guest. */
export type Language = 'en' | 'pt-BR'

export const LANGUAGES: readonly Language[] = ['en', 'pt-BR']

/** One of two texts that say the same: neither can be written without the other. */
export type Say = (en: string, pt: string) => string

export const saying =
  (language: Language): Say =>
  (en, pt) =>
    language === 'en' ? en : pt
