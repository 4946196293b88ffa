/** How a person gets Ollama onto this machine: words to read, never a script that is run. */

/** What to do to install Ollama on a platform of Node's names. Source: https://docs.ollama.com, read 2026-11-21. */
export function howToInstall(platform: string = process.platform): string {
  switch (platform) {
    case 'darwin':
      return '`brew install ollama`, or the app from https://ollama.com/download/mac';
    case 'win32':
      return '`winget install Ollama.Ollama`, or the installer from https://ollama.com/download/windows';
    case 'linux':
      return 'the package of your distribution, or the steps at https://docs.ollama.com/linux';
    default:
      return 'see https://ollama.com/download';
  }
}
