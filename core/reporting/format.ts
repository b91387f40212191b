import type { Language } from './language'

const number = (value: number, locale: Language, digits: number): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)

/** `0.35 s`, `4.2 s`, `47 min 14 s`, `2 h`, `2 h 5 min`. */
export function duration(seconds: number, locale: Language = 'en'): string {
  if (seconds < 120) return `${number(seconds, locale, seconds < 10 ? 2 : 1)} s`
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  if (hours > 0) return `${hours} h${minutes > 0 ? ` ${minutes} min` : ''}`
  return `${minutes} min${rest > 0 ? ` ${rest} s` : ''}`
}

export const count = (value: number, locale: Language = 'en'): string => number(value, locale, 0)
export const rate = (perSecond: number, locale: Language = 'en'): string => `${number(perSecond, locale, 0)} /s`
export const latency = (milliseconds: number | undefined, locale: Language = 'en'): string =>
  milliseconds === undefined
    ? locale === 'en'
      ? 'none'
      : 'nenhuma'
    : `${number(milliseconds, locale, milliseconds < 10 ? 1 : 0)} ms`

/** `2026-11-23 12:00:04 UTC` */
export const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
