/** What people may ask for what is kept of them. Who may ask for whom is checked by the caller (`services/access.ts`). */
export interface PrivacyService {
  /** Whether what they do and say may shape what they are shown, and be learned from: as of their very next list, on all nodes. */
  setConsent(tenant: string, userId: string, personalisation: boolean): Promise<boolean>;
  /** Everything that is kept of a person, as one JSON object in pieces, read while it is written. */
  export(tenant: string, userId: string): AsyncIterable<string>;
}
