import type { JsonObject } from '../../domain/json.js';

export interface ModelRow {
  readonly id: string;
  readonly parent: string | null;
  readonly status: 'REGISTERED' | 'DEPLOYED' | 'RETIRED';
  readonly eventCount: number;
  readonly trainedUntil: Date;
  readonly manifest: JsonObject;
  readonly createdAt: Date;
  readonly deployedAt: Date | null;
}

/** The rows behind the registry, so that all nodes agree on what is deployed. */
export interface ModelStore {
  register(
    tenant: string,
    row: Pick<ModelRow, 'id' | 'parent' | 'eventCount' | 'trainedUntil' | 'manifest'>,
  ): Promise<void>;
  /** Newest first. */
  list(tenant: string): Promise<ModelRow[]>;
  deployed(tenant: string): Promise<ModelRow | null>;
  /** Makes `id` the one deployed version, in one transaction. Throws when the id is unknown. */
  deploy(tenant: string, id: string): Promise<void>;
  /** Every tenant that has a deployed version. */
  tenants(): Promise<string[]>;
}
