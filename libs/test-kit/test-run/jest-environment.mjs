// Node's own, in workers that end at once. A worker that nothing keeps alive gives back its heap before it is gone, which takes it longer than the half
// second after which Jest kills it and says that tests had leaked.
import { TestEnvironment } from 'jest-environment-node';

const isWorker = process.send !== undefined;
if (isWorker) process.once('beforeExit', () => process.exit());

export default TestEnvironment;
