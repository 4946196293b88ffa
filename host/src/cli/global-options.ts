/** The options every command takes. */
import { InvalidArgumentError, type Command } from 'commander';

/** The options every command takes, as they were given. */
export interface GlobalOptions {
  readonly config?: string;
  readonly profile?: readonly string[];
  readonly set?: readonly string[];
  readonly plugins?: 'none';
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Declares them on the program; they may stand before or after the command. */
export function addGlobalOptions(program: Command): void {
  program
    .option('--config <file>', 'config file; default: MODELPORT_CONFIG, else the one found from here upward')
    .option('--profile <names>', 'profiles to lay over the config, divided by commas; may be repeated', collect)
    .option('--set <path=value>', 'one value over the config, such as models.default=gpt-5@openai; may be repeated', collect)
    .option('--plugins <none>', 'none: start with every plugin switched off', onlyNone)
    .option('--json', 'print JSON, in the shapes that docs/cli.md fixes')
    .option('--debug', 'show stacks of errors');
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function onlyNone(value: string): 'none' {
  if (value !== 'none') throw new InvalidArgumentError('The only value is "none".');
  return value;
}
