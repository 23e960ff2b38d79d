import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, zoneClock, type ZoneAnswer } from '../../../scripts/lib/value/time-zone.ts';

const DAY_MS = 86_400_000;

/** How far a zone was from UTC when its clock showed this. */
function offset(zone: string, shown: string): ZoneAnswer {
  const milliseconds = Date.parse(`${shown}Z`);
  const epochDays = Math.floor(milliseconds / DAY_MS);
  const microseconds = (milliseconds - epochDays * DAY_MS) * 1000;
  return zoneClock(zone).offsetOf({ epochDays, microseconds });
}

describe('the name of a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+1'])(
    '%s is one',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );
  it.each(['', 'Europe/Nowhere', '+01:00', 'CEST', ' UTC', 'Z'])('%j is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('a clock', () => {
  it.each([
    ['UTC', '2024-07-01T12:00:00', 0],
    ['Etc/UTC', '2024-07-01T12:00:00', 0],
    ['Europe/Berlin', '2024-01-01T00:00:00', 3600],
    ['Europe/Berlin', '2024-07-01T00:00:00', 7200],
    ['Asia/Kolkata', '2024-07-01T00:00:00', 19_800],
    ['America/New_York', '2024-07-01T00:00:00', -14_400],
    ['Pacific/Kiritimati', '2024-07-01T00:00:00', 50_400],
    ['Europe/Berlin', '1890-01-01T00:00:00', 3208],
  ])('in %s shows %s', (zone, shown, seconds) => {
    expect(offset(zone, shown)).toBe(seconds);
  });

  it('goes forward in spring: an hour is not there', () => {
    expect(offset('Europe/Berlin', '2024-03-31T01:59:59')).toBe(3600);
    expect(offset('Europe/Berlin', '2024-03-31T02:00:00')).toBe('gap');
    expect(offset('Europe/Berlin', '2024-03-31T02:59:59')).toBe('gap');
    expect(offset('Europe/Berlin', '2024-03-31T03:00:00')).toBe(7200);
  });

  it('goes back in autumn: an hour is there twice', () => {
    expect(offset('America/New_York', '2024-11-03T00:59:59')).toBe(-14_400);
    expect(offset('America/New_York', '2024-11-03T01:00:00')).toBe('overlap');
    expect(offset('America/New_York', '2024-11-03T01:59:59')).toBe('overlap');
    expect(offset('America/New_York', '2024-11-03T02:00:00')).toBe(-18_000);
  });

  it('may skip midnight, or a whole day', () => {
    expect(offset('America/Sao_Paulo', '2018-11-04T00:00:00')).toBe('gap');
    expect(offset('America/Sao_Paulo', '2018-11-04T01:00:00')).toBe(-7200);
    expect(offset('Pacific/Apia', '2011-12-30T12:00:00')).toBe('gap');
    expect(offset('Pacific/Apia', '2011-12-31T00:00:00')).toBe(50_400);
  });

  it('has no rules beyond what a Date can hold', () => {
    const beyond = { epochDays: 106_000_000, microseconds: 0 };
    expect(zoneClock('Europe/Berlin').offsetOf(beyond)).toBe('beyond-zone');
    expect(zoneClock('UTC').offsetOf(beyond)).toBe(0);
  });

  it('shows the time that the offset it gives stands for', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    const years = { min: Date.UTC(1950, 0), max: Date.UTC(2030, 0) };
    fc.assert(
      fc.property(zones, fc.integer(years), (zone, milliseconds) => {
        const shown = new Date(milliseconds).toISOString().slice(0, 19);
        const answer = offset(zone, shown);
        if (typeof answer !== 'number') return;
        const moment = Date.parse(`${shown}Z`) - answer * 1000;
        const clock = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        });
        expect(clock.format(moment).replace(' ', 'T')).toBe(shown);
      }),
    );
  });
});
