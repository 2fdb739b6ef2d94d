import { zeroError } from '../zeroError.ts';
import type { TokenStream } from './tokenStream.ts';

/** Items between commas, with what stood around them. */
export interface ParsedList<T> {
  items: T[];
  /** The gap before each item and the one after the last. */
  gaps: string[];
  trailingComma: boolean;
}

/** A list up to and with `close`; line breaks and comments may stand before and after each item. */
export function parseList<T>(tokens: TokenStream, close: string, parseItem: () => T): ParsedList<T> {
  const items: T[] = [];
  const gaps: string[] = [];
  let comma = true;
  let gap = tokens.skipGap();
  while (!tokens.at(close)) {
    if (tokens.at(',')) {
      if (comma) throw zeroError('ZERO_SYNTAX', 'Unexpected comma.', tokens.current.span);
      tokens.take();
      comma = true;
      gap += tokens.skipGap();
      continue;
    }
    if (!comma) tokens.fail(`"," or "${close}"`);
    gaps.push(gap);
    items.push(parseItem());
    comma = false;
    gap = tokens.skipGap();
  }
  tokens.take();
  return { items, gaps: [...gaps, gap], trailingComma: comma && items.length > 0 };
}
