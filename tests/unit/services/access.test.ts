import { describe, expect, it } from 'vitest';
import type { Identity, Role } from '../../../src/domain/identity.js';
import { actingUser, requireRole, requireSelfOr } from '../../../src/services/access.js';

const as = (role: Role, userId: string | null): Identity => ({ tenant: 't', role, userId });

describe('access', () => {
  it.each<[Role, string | null, string | null | undefined, string]>([
    ['user', 'me', undefined, 'me'],
    ['user', 'me', null, 'me'],
    ['user', 'me', 'me', 'me'],
    ['service', 'me', undefined, 'me'],
    ['service', null, 'you', 'you'],
    ['admin', 'me', 'you', 'you'],
  ])('%s %s naming %s acts as %s', (role, userId, named, acting) => {
    expect(actingUser(as(role, userId), named)).toBe(acting);
  });

  it('refuses to speak for another, or for no one', () => {
    expect(() => actingUser(as('user', 'me'), 'you')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    for (const role of ['service', 'admin'] as const) {
      expect(() => actingUser(as(role, null), null)).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field: 'userId' } }),
      );
    }
  });

  it('requires one of the roles', () => {
    expect(() => requireRole(as('service', null), 'service', 'admin')).not.toThrow();
    expect(() => requireRole(as('user', 'me'), 'service', 'admin')).toThrow('Only for the role service or admin');
  });

  it('lets people at what is theirs', () => {
    expect(() => requireSelfOr(as('user', 'me'), 'me', 'admin')).not.toThrow();
    expect(() => requireSelfOr(as('admin', null), 'me', 'admin')).not.toThrow();
    expect(() => requireSelfOr(as('service', null), 'me', 'admin')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
  });
});
