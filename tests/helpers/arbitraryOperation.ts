import fc from 'fast-check';
import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';

const CONDITIONS = [
  '',
  '',
  '',
  ' @include(if: $yes)',
  ' @skip(if: $no)',
  ' @include(if: true)',
  ' @skip(if: true)',
  ' @skip(if: $no) @include(if: $yes)',
];

/**
 * Valid queries over a schema: aliases, fragments of both kinds (nested, used twice), conditions, merged fields. They
 * declare `$yes` and `$no` (Boolean!) and `$n` (Int). An alias belongs to one field, so that selections always merge.
 */
export function arbitraryOperation(schema: GraphQLSchema): fc.Arbitrary<string> {
  return fc.infiniteStream(fc.nat({ max: 2 ** 30 })).map((stream) => {
    const next = (below: number) => (stream.next().value ?? 0) % below;
    const fragments: { readonly type: string; readonly depth: number; readonly text: string }[] = [];
    let uses = 0;

    const condition = () => CONDITIONS[next(CONDITIONS.length)] ?? '';

    const selections = (type: GraphQLObjectType, depth: number): string => {
      const parts = ['__typename'];
      for (let i = 0; i <= next(4); i++) parts.push(selection(type, depth));
      return parts.join(' ');
    };

    const selection = (type: GraphQLObjectType, depth: number): string => {
      const kind = next(10);
      if (depth > 0 && uses < 20 && kind === 0) {
        uses++;
        return `...${next(2) === 0 ? ` on ${type.name}` : ''}${condition()} { ${selections(type, depth - 1)} }`;
      }
      if (depth > 0 && uses < 20 && kind <= 2) {
        uses++;
        return `...${fragment(type, depth)}${condition()}`;
      }
      const fields = Object.values(type.getFields()).filter(
        ({ type: of }) => depth > 0 || !isObjectType(getNamedType(of)),
      );
      const field = fields[next(fields.length)];
      if (field === undefined) return '__typename';
      const alias = ['', '', `x_${field.name}: `, `y_${field.name}: `][next(4)] ?? '';
      const args = field.args.some(({ name }) => name === 'n')
        ? { '': '', x: '(n: 2)', y: '(n: $n)' }[alias.slice(0, 1)]
        : '';
      const of = getNamedType(field.type);
      const inner = isObjectType(of) ? ` { ${selections(of, depth - 1)} }` : '';
      return `${alias}${field.name}${args ?? ''}${condition()}${inner}`;
    };

    const fragment = (type: GraphQLObjectType, depth: number): string => {
      const known = fragments.findIndex((one) => one.type === type.name && one.depth <= depth);
      if (known >= 0 && next(2) === 0) return `F${known}`;
      const text = selections(type, depth - 1);
      fragments.push({ type: type.name, depth, text });
      return `F${fragments.length - 1}`;
    };

    const root = schema.getQueryType();
    if (!root) throw new Error('a schema without queries');
    const body = selections(root, 4);
    const definitions = fragments.map(({ type, text }, i) => `fragment F${i} on ${type} { ${text} }`);
    return [`query($yes: Boolean!, $no: Boolean!, $n: Int) { ${body} }`, ...definitions].join('\n');
  });
}
