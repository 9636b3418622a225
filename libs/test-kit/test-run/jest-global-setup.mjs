import { runFolderOf } from './run-folder.mjs';

/** Gives every worker of this run the same folder. Nothing is started here: specs that need no database wait for none. */
export default function setUp() {
  process.env.REKEY_TEST_RUN = runFolderOf(process.pid);
}
