import type { Weights } from '../../domain/linkage/weights';

/** The module that holds weights, as `Recording` or `Artist`; `from` says what they were fitted to. */
export function weightsSource(of: 'Recording' | 'Artist', weights: Weights<string>, from: string): string {
  const small = of.toLowerCase();
  const lines = Object.entries(weights).map(([name, value]) => `  ${name}: ${Number(value.toFixed(4))},\n`);
  return `import type { ${of}Feature } from './${small}-features';
import type { Weights } from './weights';

/** Fitted by \`npm run bench -- linkage FILE --fit\` to ${from}. */
export const ${small}Weights: Weights<${of}Feature> = {
${lines.join('')}};
`;
}
