/**
 * Nodes reachable from `roots`, each after its children where there is no cycle (depth first, the last child
 * first). `onCycle`, when given, is called for a child whose visit is not finished.
 */
export function reverseTopologicalOrder(
  nodeCount: number,
  roots: Iterable<number>,
  childrenOf: (node: number) => readonly number[],
  onCycle?: (node: number) => never,
): number[] {
  const order: number[] = [];
  /** 0 not visited, 1 visit begun, 2 done. */
  const status = new Uint8Array(nodeCount);
  for (const root of roots) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.pop()!;
      if (status[node] === 1) {
        status[node] = 2;
        order.push(node);
      } else if (status[node] === 0) {
        status[node] = 1;
        stack.push(node);
        for (const child of childrenOf(node)) {
          if (status[child] === 1) onCycle?.(child);
          if (status[child] === 0) stack.push(child);
        }
      }
    }
  }
  return order;
}

/** Numbers from 0 to `count` − 1. */
export function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
