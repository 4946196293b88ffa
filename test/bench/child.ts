/** A process of the benchmark that is asked one thing at a time over IPC. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A running child process. */
export class Child<Order extends string | object, Report extends object> {
  readonly #child: ChildProcess;
  readonly #name: string;

  constructor(module: string, arguments_: readonly string[] = []) {
    this.#name = [module, ...arguments_.slice(0, 1)].join(' ');
    // No flags and no loader are handed down, so a child runs alike from a shell and from a test.
    this.#child = fork(join(import.meta.dirname, module), arguments_, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Sends the order, if there is one, and resolves with the next report. Rejects when the child ends instead. */
  ask(order?: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const onMessage = (report: Report): void => {
        child.off('exit', onExit);
        resolve(report);
      };
      const onExit = (code: number | null): void => {
        child.off('message', onMessage);
        reject(new Error(`${this.#name} ended with exit code ${String(code)} instead of answering.`));
      };
      child.once('message', onMessage);
      child.once('exit', onExit);
      if (order !== undefined) child.send(order);
    });
  }

  /** Ends the child and resolves when it has ended. */
  async close(order?: Order): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
    if (order === undefined) child.disconnect();
    else child.send(order);
    await ended;
  }
}
