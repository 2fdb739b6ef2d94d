import { describe, expect, it } from 'vitest';
import { binary, constant, dereference, register } from '../ast/expression.ts';
import { formatExpression } from '../expressions/formatExpression.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { FlowTracking } from './flowTracking.ts';
import type { Reference } from './reference.ts';

const SPAN: SourceSpan = { file: { name: 'x', text: '\n' }, start: 0, end: 0 };

/** `[ap + offset]` as ap stands now. */
function cell(flow: FlowTracking, offset: number): Reference {
  const value = dereference(binary('+', register('ap', SPAN), constant(offset, SPAN), SPAN), SPAN);
  return { pc: 0, value, nodeCount: 4, apTracking: flow.apTracking, spans: [SPAN], statement: undefined };
}

function spelledValue(flow: FlowTracking, variable: string): string {
  const found = flow.valueOf(variable);
  return found.kind === 'value' ? formatExpression(found.value) : found.kind;
}

describe('FlowTracking', () => {
  it('follows variables while ap moves by known amounts', () => {
    const flow = new FlowTracking();
    flow.bind('x', cell(flow, -1));
    flow.moveAp(2);
    expect(spelledValue(flow, 'x')).toBe('[ap - 2 + (-1)]');
    flow.moveAp('unknown');
    expect(spelledValue(flow, 'x')).toBe('lost');
    expect(spelledValue(flow, 'y')).toBe('missing');
    flow.stop();
    expect(spelledValue(flow, 'x')).toBe('missing');
  });

  it('joins ways on which a variable is the same cell', () => {
    const flow = new FlowTracking();
    flow.jumpTo('end', 0);
    const start = flow.checkpoint();
    flow.moveAp(3);
    flow.bind('x', cell(flow, -1));
    flow.bind('y', cell(flow, -2));
    flow.restore(start);
    flow.moveAp(1);
    flow.bind('x', cell(flow, -1));
    flow.bind('y', cell(flow, -1));
    flow.jumpTo('end', 0);
    flow.stop();
    expect(flow.isReachable).toBe(false);
    flow.enterLabel('end');
    // The first way to the label knew neither.
    expect(spelledValue(flow, 'x')).toBe('missing');
  });

  it('gives both ways one reference, in terms of ap where they meet', () => {
    const flow = new FlowTracking();
    flow.begin();
    const start = flow.checkpoint();
    flow.moveAp(1);
    flow.bind('x', cell(flow, -1));
    flow.bind('y', cell(flow, -1));
    flow.jumpTo('end', 0);
    flow.restore({ ...flow.checkpoint(), state: start.state });
    flow.moveAp(2);
    flow.bind('x', cell(flow, -1));
    flow.bind('y', cell(flow, -2));
    flow.enterLabel('end');
    expect(spelledValue(flow, 'x')).toBe('[ap - 0 - 0 + (-1)]');
    expect(spelledValue(flow, 'y')).toBe('missing');
    expect(flow.apTracking).toEqual({ group: 1, offset: 0 });
  });

  it('leaves a state that was asked for as it was', () => {
    const flow = new FlowTracking();
    const first = flow.state;
    flow.bind('x', cell(flow, -1));
    const second = flow.state;
    flow.bind('y', cell(flow, -1));
    flow.bind('z', cell(flow, -1));
    flow.jumpTo('label', 0);
    flow.bind('w', cell(flow, -1));
    expect([first, second].map(({ referenceIds }) => [...referenceIds.keys()])).toEqual([[], ['x']]);
    flow.stop();
    flow.enterLabel('label');
    expect([...flow.state.referenceIds.keys()]).toEqual(['x', 'y', 'z']);
  });

  it('returns to a checkpoint', () => {
    const flow = new FlowTracking();
    flow.bind('x', cell(flow, -1));
    const checkpoint = flow.checkpoint();
    flow.bind('x', cell(flow, -5));
    flow.bind('y', cell(flow, -5));
    flow.moveAp('unknown');
    flow.restore(checkpoint);
    expect(flow.references).toHaveLength(1);
    expect(spelledValue(flow, 'x')).toBe('[ap - 0 + (-1)]');
    expect(spelledValue(flow, 'y')).toBe('missing');
  });
});
