import type { ChildProcess } from 'node:child_process';

/** What a forked process of ours sends next. @throws Error where it ends instead */
export async function nextMessage<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('exit', died);
      child.off('message', came);
    };
    const died = (): void => {
      settle();
      reject(new Error(`${name} has died`));
    };
    const came = (message: unknown): void => {
      settle();
      resolve(message as Message); // both ends are ours
    };
    if (child.exitCode !== null || child.signalCode !== null) return died();
    child.once('exit', died);
    child.once('message', came);
  });
}
