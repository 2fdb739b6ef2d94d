import type { ZeroModule } from '../ast/statement.ts';
import { zeroError } from '../zeroError.ts';

/** The builtins that the one `%builtins` line of a program names. @throws CairnError `ZERO_DIRECTIVE` */
export function collectBuiltins(modules: readonly ZeroModule[]): readonly string[] {
  let builtins: readonly string[] | undefined;
  for (const statement of modules.flatMap(({ body }) => body)) {
    if (statement.kind !== 'builtins') continue;
    if (builtins !== undefined)
      throw zeroError('ZERO_DIRECTIVE', 'Redefinition of builtins directive.', statement.span);
    const { names, span } = statement;
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw zeroError('ZERO_DIRECTIVE', `The builtin '${twice}' appears twice in builtins directive.`, span);
    builtins = names;
  }
  return builtins ?? [];
}
