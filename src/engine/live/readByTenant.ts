/** Someone of whom something is wanted. */
export interface ByTenant {
  readonly tenant: string;
  readonly userId: string;
}

/**
 * For each person, in order, what was read of them: one read for each tenant, each person once. `read` keeps the order and
 * length of its ids. A failed read fails only the people of that tenant.
 */
export async function readByTenant<T>(
  people: readonly ByTenant[],
  read: (tenant: string, userIds: readonly string[]) => Promise<readonly T[]>,
): Promise<(T | Error)[]> {
  const byTenant = new Map<string, Set<string>>();
  for (const { tenant, userId } of people) byTenant.set(tenant, (byTenant.get(tenant) ?? new Set()).add(userId));
  const found = new Map<string, ReadonlyMap<string, T> | Error>();
  await Promise.all(
    [...byTenant].map(async ([tenant, userIds]) => {
      const ids = [...userIds];
      try {
        const answers = await read(tenant, ids);
        found.set(tenant, new Map(answers.map((answer, at) => [ids[at] ?? '', answer])));
      } catch (error) {
        found.set(tenant, error instanceof Error ? error : new Error(String(error)));
      }
    }),
  );
  return people.map(({ tenant, userId }) => {
    const answers = found.get(tenant);
    if (answers instanceof Error) return answers;
    return answers?.get(userId) ?? new Error(`Nothing was read of ${userId}.`);
  });
}
