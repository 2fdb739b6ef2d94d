/** Every code that @cairn/cairo-air puts into a CairnError. */
export type CairoAirErrorCode =
  /** A run that no layout can prove: an unsupported builtin or instruction, an address out of bounds. */
  'UNPROVABLE_RUN';
