/** A zone's clock read as a moment: seconds east of UTC, or why there is no one answer. */
export type ZoneAnswer = number | 'gap' | 'overlap' | 'beyond-zone';

/** The day and time of day that a clock shows. */
interface ClockReading {
  readonly epochDays: number;
  readonly microseconds: number;
}

const DAY_SECONDS = 86_400;
/** A Date reaches so many days to either side of 1970. Source: ECMA-262, "Time Values and Time Range" */
const LAST_DAY = 100_000_000;
const CACHED_DAYS = 20_000;

/** Whether there is an IANA time zone of that name, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  // Newer versions of Node also take offsets, which are no names.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone. All callers share what it has looked up. */
export function zoneClock(name: string): ZoneClock {
  const clock = clocks.get(name) ?? new ZoneClock(name);
  clocks.set(name, clock);
  return clock;
}

/** Finds how far a zone's clock was from UTC when it showed a given time. */
export class ZoneClock {
  /** It is UTC, by whatever name. */
  readonly isUtc: boolean;
  readonly #format: Intl.DateTimeFormat;
  /** By day: the offset at its first moment, UTC. */
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError when there is no such zone */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      timeZoneName: 'longOffset',
    });
    this.isUtc = this.#format.resolvedOptions().timeZone === 'UTC';
  }

  /** The offset, in seconds east of UTC, that was in force when the zone's clock showed this. */
  offsetOf(reading: ClockReading): ZoneAnswer {
    if (this.isUtc) return 0;
    const { epochDays } = reading;
    if (Math.abs(epochDays) > LAST_DAY - 3) return 'beyond-zone';
    // Offsets are below a day: the moment lies between the first and the last of these midnights.
    const around = [epochDays - 1, epochDays, epochDays + 1, epochDays + 2];
    const offsets = [...new Set(around.map((day) => this.#atMidnight(day)))];
    const [only = 0, ...others] = offsets;
    if (others.length === 0) return only;
    const seconds = epochDays * DAY_SECONDS + Math.floor(reading.microseconds / 1_000_000);
    const possible = offsets.filter((offset) => this.#at(seconds - offset) === offset);
    const [offset, second] = possible;
    if (offset === undefined) return 'gap';
    return second === undefined ? offset : 'overlap';
  }

  #atMidnight(epochDay: number): number {
    const known = this.#offsets.get(epochDay);
    if (known !== undefined) return known;
    const offset = this.#at(epochDay * DAY_SECONDS);
    if (this.#offsets.size >= CACHED_DAYS) this.#offsets.clear();
    this.#offsets.set(epochDay, offset);
    return offset;
  }

  /** Formatting a moment takes microseconds, so that days are remembered. */
  #at(epochSeconds: number): number {
    const text = this.#format.format(epochSeconds * 1000);
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
    if (match === null) throw new Error(`a time zone's offset is in an unknown form: ${text}`);
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -offset : offset;
  }
}
