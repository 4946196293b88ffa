/** Names of documents as Converse takes them. */

/** The names of one request's documents: letters, digits, single spaces, hyphens, parentheses and brackets, and no name twice. */
export class DocumentNames {
  private readonly taken = new Set<string>();

  /** A legal name like the file's, without its extension; a neutral one for a file without a name. */
  name(filename: string | undefined): string {
    const plain = (filename ?? '').replace(/\.[A-Za-z0-9]{1,5}$/, '').normalize('NFKD').replaceAll(/[^\dA-Za-z\-()[\] ]+/g, ' ').replaceAll(/ {2,}/g, ' ').trim().slice(0, 180).trim();
    const wanted = plain === '' ? 'document' : plain;
    let name = wanted;
    for (let number = 2; this.taken.has(name); number += 1) name = `${wanted} (${number})`;
    this.taken.add(name);
    return name;
  }
}
