/** Exit codes of the command, part of its contract. */
export const EXIT = {
  success: 0,
  failure: 1,
  usage: 2,
  rejected: 3,
  environment: 4,
  bug: 70,
} as const;
