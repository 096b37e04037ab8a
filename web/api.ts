export interface Entry {
  readonly item: {
    readonly id: string;
    readonly title: string;
    readonly category: string | null;
    readonly previewUrl: string | null;
    readonly author: { readonly name: string } | null;
  };
  readonly score: number;
  readonly reason: string;
  readonly source: string;
  readonly position: number;
  readonly explanation: {
    readonly sources: readonly { readonly source: string; readonly score: number; readonly rank: number }[];
    readonly features: readonly { readonly feature: string; readonly value: number; readonly weight: number }[];
    readonly rules: readonly string[];
  };
}

export interface Page {
  readonly list: {
    readonly requestId: string;
    readonly recommendations: readonly Entry[];
    readonly totalCount: number;
    readonly algorithmVersion: string;
    readonly generationTimeMs: number;
    readonly cached: boolean;
    readonly degraded: string;
  };
  readonly history: readonly {
    readonly action: string;
    readonly item: { readonly title: string } | null;
    readonly user: { readonly name: string } | null;
  }[];
}

export interface Verb {
  readonly label: string;
  readonly action: 'LIKE' | 'SKIP' | 'HIDE';
}

export const actions: readonly Verb[] = [
  { label: 'Like', action: 'LIKE' },
  { label: 'Skip', action: 'SKIP' },
  { label: 'Hide', action: 'HIDE' },
];

export interface PageQuery {
  readonly userId: string;
  readonly first: number;
  readonly diversity: number;
  readonly excludeSeen: boolean;
}

const PAGE = /* GraphQL */ `
  query ConsolePage($userId: ID!, $first: Int!, $diversity: Float!, $excludeSeen: Boolean!) {
    recommendations(userId: $userId, first: $first, diversity: $diversity, excludeSeen: $excludeSeen, surface: "console") {
      requestId totalCount algorithmVersion generationTimeMs cached degraded
      recommendations {
        item { id title category previewUrl author { name } }
        score reason source position
        explanation { sources { source score rank } features { feature value weight } rules }
      }
    }
    user(id: $userId) { history(first: 12) { edges { node { action item { title } user { name } } } } }
  }
`;

const FEEDBACK = /* GraphQL */ `
  mutation ConsoleFeedback($input: FeedbackInput!) {
    sendFeedback(input: $input) { eventId duplicate }
  }
`;

export async function fetchPage(token: string, query: PageQuery): Promise<Page> {
  const data = await graphql<{
    readonly recommendations: Page['list'];
    readonly user: {
      readonly history: { readonly edges: readonly { readonly node: Page['history'][number] }[] };
    } | null;
  }>(token, PAGE, { ...query });
  return { list: data.recommendations, history: data.user?.history.edges.map(({ node }) => node) ?? [] };
}

export async function send(token: string, input: object): Promise<void> {
  await graphql(token, FEEDBACK, { input });
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string }[];
}

async function graphql<T>(token: string, query: string, variables: object): Promise<T> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer: Answer<T> = await response.json();
  if (answer.errors?.[0]) throw new Error(answer.errors[0].message);
  if (answer.data == null) throw new Error(`The server answered ${response.status} without data.`);
  return answer.data;
}
