/**
 * A program in front of the server that keeps what it is told and what it says on stderr. The log of the
 * extension cannot be read here: VS Code writes it with a compiled part that this installation leaves out.
 */
import fs from 'node:fs';
import path from 'node:path';

export class Recorder {
  constructor(room, revline) {
    fs.mkdirSync(room, { recursive: true });
    this.program = path.join(room, 'revline');
    this.told = path.join(room, 'told.log');
    this.stderr = path.join(room, 'stderr.log');
    const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
    const script = `#!/bin/sh\ntee -a ${quoted(this.told)} | ${quoted(revline)} "$@" 2>>${quoted(this.stderr)}\n`;
    fs.writeFileSync(this.program, script, { mode: 0o755 });
  }

  /** The initialize requests, one for each start. */
  starts() {
    const text = fs.existsSync(this.told) ? fs.readFileSync(this.told, 'utf8') : '';
    const messages = text.split(/Content-Length: \d+\r\n\r\n/).filter((part) => part.includes('"initialize"'));
    return messages.map((message) => JSON.parse(message)).filter((message) => message.method === 'initialize');
  }

  /** The end of what the server wrote on stderr. */
  said() {
    return fs.existsSync(this.stderr) ? fs.readFileSync(this.stderr, 'utf8').slice(-4000) : '(nothing)';
  }
}
