export { NodePool } from './nodePool.ts';
