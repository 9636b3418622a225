export { crashesAt, crashPoint, crashPointIn } from './crash-point.ts';
export { runProgram, type RunOptions, type Running, type StartContext } from './run-program.ts';
export { portOf, readOptions } from './read-options.ts';
export { listenFault } from './listen-fault.ts';
export { freePortFrom, isFree } from './free-port.ts';
