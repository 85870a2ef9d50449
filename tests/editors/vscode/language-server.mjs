/** The server over standard input and output, asked one thing after the other. */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

export class LanguageServer {
  constructor(program, folder) {
    this.process = spawn(program, ['server'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.waiting = new Map();
    this.next = 0;
    let buffer = Buffer.alloc(0);
    this.process.stdout.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (;;) {
        const head = buffer.indexOf('\r\n\r\n');
        const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, Math.max(0, head)).toString())?.[1]);
        if (head < 0 || buffer.length < head + 4 + length) {
          return;
        }
        this.take(JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString()));
        buffer = buffer.subarray(head + 4 + length);
      }
    });
    this.folder = folder;
  }

  take(message) {
    if (message.method === undefined) {
      this.waiting.get(message.id)?.(message);
    } else if (message.id !== undefined) {
      this.send({ id: message.id, result: null });
    }
  }

  send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  ask(method, params) {
    this.next += 1;
    const id = this.next;
    this.send({ id, method, params });
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(error.message))));
    });
  }

  async start() {
    const uri = pathToFileURL(this.folder).toString();
    await this.ask('initialize', { processId: process.pid, rootUri: uri, workspaceFolders: [{ uri, name: 'history' }], capabilities: {} });
    this.send({ method: 'initialized', params: {} });
  }

  stop() {
    this.process.kill();
  }
}
