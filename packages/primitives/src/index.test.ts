import { expect, test } from 'vitest';
import * as primitives from './index.ts';

test('the list of exports', () => {
  expect(Object.keys(primitives).sort()).toMatchSnapshot();
});
