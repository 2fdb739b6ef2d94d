export { columnGroups, type UnnoticedChange, unnoticedChanges } from './cellMutation.ts';
export {
  type Attack,
  type Mutant,
  type MutantResult,
  mutantsOf,
  type RejectedAttack,
  scoreMutants,
} from './mutateAir.ts';
export { fieldMutantsOf } from './mutateFields.ts';
export { type SecondWitness, secondWitness } from './secondWitness.ts';
