import { describe, expect, it } from 'vitest';
import { checkKnown, fillIn, oneOf, optionalTime, wholeNumber } from '../../../src/cli/options.js';

describe('command line options', () => {
  it('reads whole numbers within their bounds', () => {
    expect(wholeNumber('--port', '8080', 0, 65535)).toBe(8080);
    expect(wholeNumber('--port', undefined, 0, 65535)).toBeNull();
    for (const wrong of ['-1', '65536', '1.5', '1e3', 'many', '']) {
      expect(() => wholeNumber('--port', wrong, 0, 65535)).toThrow('--port must be a whole number from 0 to 65535');
    }
  });

  it('reads one of a few words', () => {
    expect(oneOf('--role', 'admin', ['user', 'admin'])).toBe('admin');
    expect(() => oneOf('--role', 'root', ['user', 'admin'])).toThrow('--role must be one of user, admin, got root.');
  });

  it('refuses an option that a command does not have', () => {
    expect(() => checkKnown({ _: [], port: '1' }, { port: {} })).not.toThrow();
    expect(() => checkKnown({ _: [], prot: '1' }, { port: {} })).toThrow('no option --prot here; there is --port');
  });

  it('gives an option that stands without a value the one it means', () => {
    const meant = { '--tune': '5' };
    expect(fillIn(['--tune'], meant)).toEqual(['--tune=5']);
    expect(fillIn(['--tune', '--seed', '2'], meant)).toEqual(['--tune=5', '--seed', '2']);
    expect(fillIn(['--seed', '2', '--tune', '7'], meant)).toEqual(['--seed', '2', '--tune', '7']);
    expect(fillIn(['--tune=9', '--json'], meant)).toEqual(['--tune=9', '--json']);
  });

  it('reads a moment', () => {
    expect(optionalTime('--until', '2026-05-04T10:00:00Z')).toBe(Date.UTC(2026, 4, 4, 10));
    expect(optionalTime('--until', undefined)).toBeNull();
    expect(() => optionalTime('--until', 'yesterday')).toThrow('--until must be an ISO 8601 time');
  });
});
