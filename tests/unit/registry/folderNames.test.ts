import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tenantFolder, versionId } from '../../../src/registry/folderNames.js';

describe('tenantFolder', () => {
  it('is a safe name for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (tenant) => {
        const name = tenantFolder(tenant);
        expect(name).toMatch(/^t-[a-z0-9_%~-]*$/);
        expect(name.length).toBeLessThan(200);
      }),
    );
  });

  it('tells any two strings apart, where case is folded too', () => {
    const wellFormed = fc.string({ unit: 'binary', maxLength: 120 });
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        if (a !== b) expect(tenantFolder(a)).not.toBe(tenantFolder(b));
      }),
    );
    const names = ['a', 'A', '..', '.', '', 'a/b', 'a%2fb', '%61', 'con'].map(tenantFolder);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    const long = 'x'.repeat(500);
    expect(tenantFolder(`${long}a`)).not.toBe(tenantFolder(`${long}b`));
  });

  it('leaves ordinary names readable', () => {
    expect(tenantFolder('default')).toBe('t-default');
    expect(tenantFolder('Acme Corp')).toBe('t-%41cme%20%43orp');
  });
});

describe('versionId', () => {
  it('says when, in UTC, and what', () => {
    expect(versionId(new Date('2026-11-20T10:30:45.999Z'), '3f2a99')).toBe('20261120-103045-3f2a');
  });

  it('sorts by time', () => {
    const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        const seconds = (moment: Date) => Math.floor(moment.getTime() / 1000);
        if (seconds(a) < seconds(b)) expect(versionId(a, 'ffff') < versionId(b, '0000')).toBe(true);
      }),
    );
  });
});
