export { columnGroups, type UnnoticedChange, unnoticedChanges } from './cellMutation.ts';
export { type Attack, type Mutant, type MutantResult, mutantsOf, scoreMutants } from './mutateAir.ts';
