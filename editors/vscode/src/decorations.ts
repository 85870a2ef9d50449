/** What stands beside the files of revisions: whether the database has them, and where it stands. */
import { EventEmitter, FileDecoration, ThemeColor, window, type Disposable, type Uri } from 'vscode';
import type { Session } from './session';

/** `revline/place`: how a revision stands to the database. */
interface Place {
  place: 'here' | 'applied' | 'pending';
  database: string;
}

export function showDecorations(session: Session): Disposable[] {
  const changed = new EventEmitter<undefined>();
  /** What the server says of all places at once; empty where no database was seen. */
  let known = '';
  const renew = (): void => {
    const places = session.status?.environments?.map((environment) => environment.database?.places ?? '') ?? [];
    const now = places.some((place) => place !== '') ? places.join(' ') : '';
    if (now !== known) {
      known = now;
      changed.fire(undefined);
    }
  };
  const provider = window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    async provideFileDecoration(uri: Uri): Promise<FileDecoration | undefined> {
      const client = session.running;
      if (known === '' || client === undefined || uri.scheme !== 'file' || !uri.path.endsWith('.py')) {
        return undefined;
      }
      const answer = await client.sendRequest<Place | null>('revline/place', { uri: client.code2ProtocolConverter.asUri(uri) });
      return answer === null ? undefined : decoration(answer);
    },
  });
  return [changed, provider, session.onStatus(renew), session.changed.event(renew)];
}

function decoration({ place, database }: Place): FileDecoration {
  switch (place) {
    case 'here':
      return new FileDecoration('◆', `${database} is here`, new ThemeColor('charts.blue'));
    case 'applied':
      return new FileDecoration('✓', `applied to ${database}`);
    case 'pending':
      return new FileDecoration('○', `pending on ${database}`);
  }
}
