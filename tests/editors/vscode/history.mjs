/** Writes a project with a history of so many revisions: chains, forks that are merged, labels, and two heads. */
import fs from 'node:fs';
import path from 'node:path';

const WORDS = ['users', 'orders', 'invoices', 'products', 'stock', 'prices', 'tags', 'notes', 'events', 'files'];

export function writeHistory(folder, count) {
  const versions = path.join(folder, 'alembic/versions');
  fs.mkdirSync(versions, { recursive: true });
  fs.writeFileSync(path.join(folder, 'alembic.ini'), '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = sqlite:///dev.db\n');
  fs.writeFileSync(path.join(folder, 'alembic/env.py'), '');
  const id = (number) => (number * 2654435761 % 2 ** 32).toString(16).padStart(8, '0') + number.toString(16).padStart(4, '0');
  const write = (number, parents, labels = []) => {
    const word = WORDS[number % WORDS.length];
    const [own, down] = [id(number), parents.map((one) => `"${id(one)}"`)];
    const parent = down.length === 0 ? 'None' : down.length === 1 ? down[0] : `(${down.join(', ')})`;
    const body = down.length > 1 ? ['pass', 'pass'] : [`op.create_table("${word}_${number}", sa.Column("id", sa.Integer(), primary_key=True))`, `op.drop_table("${word}_${number}")`];
    fs.writeFileSync(
      path.join(versions, `${own}_.py`),
      `"""${down.length > 1 ? 'merge' : `add ${word} ${number}`}\n\nRevision ID: ${own}\nRevises: ${parents.map(id).join(', ')}\nCreate Date: 2024-01-01 00:00:00\n"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "${own}"\ndown_revision = ${parent}\n` +
        `branch_labels = ${labels.length === 0 ? 'None' : `("${labels[0]}",)`}\ndepends_on = None\n\n\ndef upgrade():\n    ${body[0]}\n\n\ndef downgrade():\n    ${body[1]}\n`,
    );
  };
  let number = 0;
  let tip = [];
  const next = (parents, labels) => {
    write(number, parents, labels);
    number += 1;
    return number - 1;
  };
  tip = [next([])];
  while (number < count - 1) {
    // Every so often two or three branches for a while, then their merge.
    if (number % 23 === 3 && number + 7 < count) {
      const branches = Array.from({ length: number % 2 === 1 ? 2 : 3 }, (_, at) => {
        let end = next(tip, number % 230 === 3 && at === 0 ? [`feature${number}`] : []);
        for (let left = at; left > 0; left -= 1) {
          end = next([end]);
        }
        return end;
      });
      tip = [next(branches)];
    } else {
      tip = [next(tip)];
    }
  }
  // The second head stands on an older revision.
  const old = Math.max(0, number - 4);
  next([old]);
  return number;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  writeHistory(process.argv[2], Number(process.argv[3]));
}
