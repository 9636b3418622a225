export { runProgram, type Running } from './run-program.ts';
export { freePortFrom, isFree } from './free-port.ts';
