import type { CodegenConfig } from '@graphql-codegen/cli';

/** Run from the package root: `npx graphql-codegen --config examples/web/codegen.ts`. In an app of your own, `schema` is the address of a server. */
const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  documents: ['examples/operations/0-home.graphql', 'examples/web/operations/*.graphql'],
  generates: {
    'examples/web/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // The text of an operation instead of its syntax tree: nothing of graphql-js is needed to send it.
        documentMode: 'string',
        enumsAsTypes: true,
        immutableTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: 'string', JSON: 'Readonly<Record<string, unknown>>' },
      },
    },
  },
  importExtension: '.js',
};

export default config;
