const TRUE = 1;
const FALSE = 0;
