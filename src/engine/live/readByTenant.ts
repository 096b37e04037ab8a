/** Someone whose rows are wanted. */
export interface ByTenant {
  readonly tenant: string;
  readonly userId: string;
}

/** For each person, in order, their rows: one read for each tenant, each person once. A failed read fails only the people of that tenant. */
export async function readByTenant<T>(
  people: readonly ByTenant[],
  read: (tenant: string, userIds: readonly string[]) => Promise<(readonly T[])[]>,
): Promise<(readonly T[] | Error)[]> {
  const byTenant = new Map<string, Set<string>>();
  for (const { tenant, userId } of people) byTenant.set(tenant, (byTenant.get(tenant) ?? new Set()).add(userId));
  const found = new Map<string, ReadonlyMap<string, readonly T[]> | Error>();
  await Promise.all(
    [...byTenant].map(async ([tenant, userIds]) => {
      const ids = [...userIds];
      try {
        const lists = await read(tenant, ids);
        found.set(tenant, new Map(ids.map((id, at) => [id, lists[at] ?? []])));
      } catch (error) {
        found.set(tenant, error instanceof Error ? error : new Error(String(error)));
      }
    }),
  );
  return people.map(({ tenant, userId }) => {
    const rows = found.get(tenant);
    return rows instanceof Error ? rows : (rows?.get(userId) ?? []);
  });
}
