import type { Block, Statement } from './statement.ts';

/** The blocks directly inside a statement. */
export function innerBlocks(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case 'if':
      return statement.otherwise === undefined ? [statement.body] : [statement.body, statement.otherwise];
    case 'with':
    case 'withAttribute':
    case 'function':
    case 'namespace':
      return [statement.body];
    default:
      return [];
  }
}

/** The same statement with each block directly inside it replaced. */
export function mapBlocks(statement: Statement, map: (block: Block) => Block): Statement {
  switch (statement.kind) {
    case 'if': {
      const body = map(statement.body);
      return { ...statement, body, otherwise: statement.otherwise && map(statement.otherwise) };
    }
    case 'with':
    case 'withAttribute':
    case 'function':
    case 'namespace':
      return { ...statement, body: map(statement.body) };
    default:
      return statement;
  }
}
