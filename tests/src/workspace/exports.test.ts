import * as cairo from '@cairn/cairo';
import * as execution from '@cairn/execution';
import * as node from '@cairn/node';
import * as protocol from '@cairn/protocol';
import * as rpc from '@cairn/rpc';
import * as runtime from '@cairn/runtime';
import * as state from '@cairn/state';
import * as storage from '@cairn/storage';
import { expect, it } from 'vitest';

it.each(Object.entries({ cairo, execution, node, protocol, rpc, runtime, state, storage }))(
  'the exports of @cairn/%s are these',
  (_, exported) => {
    expect(Object.keys(exported).sort()).toMatchSnapshot();
  },
);
