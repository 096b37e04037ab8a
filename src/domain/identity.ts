export type Role = 'user' | 'service' | 'admin';

/** Who is asking. A service without a user has no `userId`. */
export interface Identity {
  readonly tenant: string;
  readonly role: Role;
  readonly userId: string | null;
}
